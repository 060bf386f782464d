package blockkit

import "fmt"

const (
	tableText     = 10_000 // characters in the cells of all tables of a message
	dataTableText = 20_000 // the same, of data tables
)

// OnlyOneTable is what is said of a second table, which Slack reports in a way of
// its own.
const OnlyOneTable = "only_one_table_allowed"

// gridBlocks are tables. A message has one table at most; data tables share
// their characters.
var gridBlocks = map[string]shape{
	"table": {
		required: properties{"rows": list(1, 100, list(1, 20, typed(cells, "raw_text", "raw_number", "rich_text")))},
		optional: properties{"column_settings": list(1, 20, orNull(like(shape{optional: properties{
			"align": oneOf("left", "center", "right"), "is_wrapped": boolean,
		}})))},
		also: func(c *checker, at string, o object) {
			if c.tables++; c.tables > 1 && c.on == message {
				c.conflict(at, OnlyOneTable)
			}
			if c.cells += size(o["rows"]); c.cells > tableText {
				c.conflict(at+"/rows", "must be less than %d characters", tableText+1)
			}
		},
	},
	"data_table": {
		required: properties{"caption": text(1, unlimited), "rows": list(2, 201, list(1, 20, typed(cells)))},
		optional: properties{"page_size": whole(1, 100), "row_header_column_index": whole(0, 19)},
		also: func(c *checker, at string, o object) {
			rows, _ := o["rows"].([]any)
			rectangular(c, at+"/rows", rows)
			if c.dataCell += size(rows); c.dataCell > dataTableText {
				c.conflict(at+"/rows", "must be less than %d characters", dataTableText+1)
			}
		},
	},
}

var cells = map[string]shape{
	"raw_text":   {required: properties{"text": text(1, unlimited)}},
	"raw_number": {required: properties{"text": text(1, unlimited), "value": number}},
	"rich_text":  richTextBlock.with(properties{"block_id": id}),
	"action_cell": {
		required: properties{"element": typed(map[string]shape{"button": button})},
		optional: properties{"fallback": typed(map[string]shape{
			"raw_text":   {required: properties{"text": text(1, unlimited)}},
			"raw_number": {required: properties{"text": text(1, unlimited), "value": number}},
		})},
	},
}

// rectangular wants rows as long as the first, which has the names of the columns.
func rectangular(c *checker, at string, rows []any) {
	var columns int
	for i, r := range rows {
		row, _ := r.([]any)
		if i == 0 {
			columns = len(row)
			for j, v := range row {
				if cell, _ := v.(object); cell["type"] != "raw_text" {
					c.conflict(fmt.Sprintf("%s/0/%d/type", at, j), "unsupported type: %v", cell["type"])
				}
			}
		}
		if len(row) != columns {
			c.conflict(fmt.Sprintf("%s/%d", at, i), "must provide %d items", columns)
		}
	}
}
