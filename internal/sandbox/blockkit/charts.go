package blockkit

import (
	"fmt"
	"slices"
)

// mostCharts is how many a message may have.
const mostCharts = 2

var chartBlocks = map[string]shape{
	"data_visualization": {
		required: properties{"title": text(1, 50), "chart": typed(charts)},
		also: func(c *checker, at string, _ object) {
			if c.charts++; c.charts > mostCharts {
				c.conflict(at, "no more than %d data_visualization blocks allowed", mostCharts)
			}
		},
	},
}

var charts = map[string]shape{
	"pie": {required: properties{"segments": list(1, 12, like(shape{
		required: properties{"label": category, "value": positive},
	}))}},
	"bar": plotted, "area": plotted, "line": plotted,
}

var (
	category = text(1, 20)

	plotted = shape{
		required: properties{"series": list(1, 12, series), "axis_config": like(shape{
			required: properties{"categories": list(1, 20, category)},
			optional: properties{"x_label": text(0, 50), "y_label": text(0, 50)},
		})},
		also: seriesFitAxis,
	}

	series = like(shape{required: properties{
		"name": text(1, 20),
		"data": list(1, 20, like(shape{required: properties{"label": category, "value": number}})),
	}})
)

// seriesFitAxis wants series of different names, each with one value for every category.
func seriesFitAxis(c *checker, at string, o object) {
	axis, _ := o["axis_config"].(object)
	categories := labels(axis["categories"], func(v any) any { return v })
	all, _ := o["series"].([]any)
	names := map[string]bool{}
	for i, v := range all {
		one, _ := v.(object)
		place := fmt.Sprintf("%s/series/%d", at, i)
		name, _ := one["name"].(string)
		if names[name] {
			c.conflict(place+"/name", "series %q already exists", name)
		}
		names[name] = true
		points := labels(one["data"], func(v any) any { point, _ := v.(object); return point["label"] })
		if !slices.Equal(points, categories) {
			c.conflict(place+"/data", "must have one value for every category")
		}
	}
}

// labels returns the texts that of finds in a list, sorted.
func labels(list any, of func(any) any) []string {
	var all []string
	items, _ := list.([]any)
	for _, v := range items {
		s, _ := of(v).(string)
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}
