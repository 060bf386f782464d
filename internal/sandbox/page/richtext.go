package page

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// object is a JSON object, as apps write them.
type object = map[string]any

// list returns the JSON objects in a list.
func list(v any) []object {
	items, _ := v.([]any)
	all := make([]object, 0, len(items))
	for _, item := range items {
		if o, ok := item.(object); ok {
			all = append(all, o)
		}
	}
	return all
}

func word(o object, key string) string { s, _ := o[key].(string); return s }

// number returns a JSON number, wherever it was read from.
func number(o object, key string) int {
	switch n := o[key].(type) {
	case float64:
		return int(n)
	case int:
		return n
	}
	return 0
}

// richText shows the parts of a rich_text block.
func (p *Page) richText(b object) template.HTML {
	var out template.HTML
	for _, part := range list(b["elements"]) {
		switch part["type"] {
		case "rich_text_preformatted":
			out += wrapped("pre", p.runs(part))
		case "rich_text_quote":
			out += wrapped("blockquote", p.runs(part))
		case "rich_text_list":
			out += p.items(part)
		default:
			out += wrapped("div", p.runs(part))
		}
	}
	return out
}

const indent = 24 // pixels of a list's level

func (p *Page) items(part object) template.HTML {
	var items template.HTML
	for _, item := range list(part["elements"]) {
		items += wrapped("li", p.runs(item))
	}
	attributes := []string{"style", fmt.Sprintf("margin-left: %dpx", indent*number(part, "indent"))}
	if part["style"] != "ordered" {
		return wrapped("ul", items, attributes...)
	}
	if offset := number(part, "offset"); offset > 0 {
		attributes = append(attributes, "start", strconv.Itoa(offset+1))
	}
	return wrapped("ol", items, attributes...)
}

func (p *Page) runs(part object) template.HTML {
	var out template.HTML
	for _, e := range list(part["elements"]) {
		out += styled(e["style"], p.run(e))
	}
	return out
}

func (p *Page) run(e object) template.HTML {
	switch e["type"] {
	case "user":
		return p.mentionPerson(word(e, "user_id"))
	case "usergroup":
		return p.mentionGroup(word(e, "usergroup_id"))
	case "broadcast":
		return mentionAll(word(e, "range"))
	case "channel":
		return p.channelLink(word(e, "channel_id"))
	case "link":
		label := word(e, "text")
		if label == "" {
			label = word(e, "url")
		}
		return link(word(e, "url"), escaped(label))
	case "emoji":
		return escaped(emojiOf(e))
	case "date":
		return p.date(strconv.Itoa(number(e, "timestamp")), word(e, "format"), word(e, "url"), word(e, "fallback"))
	case "color":
		return wrapped("code", escaped(word(e, "value")))
	}
	return escaped(word(e, "text"))
}

// emojiOf returns an emoji by its code points, or by its name.
func emojiOf(e object) string {
	var out strings.Builder
	for point := range strings.SplitSeq(word(e, "unicode"), "-") {
		n, err := strconv.ParseInt(point, 16, 32)
		if err != nil {
			return emoji(word(e, "name"))
		}
		out.WriteRune(rune(n))
	}
	return out.String()
}

var styles = []struct{ name, tag string }{
	{"code", "code"}, {"strike", "del"}, {"underline", "u"}, {"italic", "em"}, {"bold", "strong"},
}

func styled(style any, inner template.HTML) template.HTML {
	o, _ := style.(object)
	for _, s := range styles {
		if on, _ := o[s.name].(bool); on {
			inner = wrapped(s.tag, inner)
		}
	}
	return inner
}

// table shows a table block; its first row names the columns.
func (p *Page) table(b object) template.HTML {
	rows, _ := b["rows"].([]any)
	settings := list(b["column_settings"])
	var head, body template.HTML
	for n, cells := range rows {
		tag, attributes := "td", []string(nil)
		if n == 0 {
			tag, attributes = "th", []string{"scope", "col"}
		}
		var row template.HTML
		for i, cell := range list(cells) {
			side := attributes
			if i < len(settings) && (settings[i]["align"] == "center" || settings[i]["align"] == "right") {
				side = append(slices.Clip(side), "class", "to-"+word(settings[i], "align"))
			}
			row += wrapped(tag, p.cell(cell), side...)
		}
		if n == 0 {
			head = wrapped("tr", row)
		} else {
			body += wrapped("tr", row)
		}
	}
	return wrapped("table", wrapped("thead", head)+wrapped("tbody", body))
}

func (p *Page) cell(cell object) template.HTML {
	switch cell["type"] {
	case "rich_text":
		return p.richText(cell)
	case "raw_number":
		if s := word(cell, "text"); s != "" {
			return escaped(s)
		}
		return escaped(fmt.Sprint(cell["value"]))
	}
	return escaped(plain(word(cell, "text")))
}
