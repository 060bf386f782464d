package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// control is how a kind of element is shown, and where Slack keeps its value.
type control struct {
	template string // of element-…
	key      string // of its entry in state.values
	initial  string // property that holds its first value
	typed    string // the type of an input
	many     bool
	from     string // what there is to choose from, besides options of its own
}

var controls = map[string]control{
	"static_select":              {template: "choice", key: "selected_option", initial: "initial_option"},
	"multi_static_select":        {template: "choice", key: "selected_options", initial: "initial_options", many: true},
	"users_select":               {template: "picker", key: "selected_user", initial: "initial_user", from: "people"},
	"multi_users_select":         {template: "picker", key: "selected_users", initial: "initial_users", many: true, from: "people"},
	"channels_select":            {template: "picker", key: "selected_channel", initial: "initial_channel", from: "channels"},
	"multi_channels_select":      {template: "picker", key: "selected_channels", initial: "initial_channels", many: true, from: "channels"},
	"conversations_select":       {template: "picker", key: "selected_conversation", initial: "initial_conversation", from: "channels"},
	"multi_conversations_select": {template: "picker", key: "selected_conversations", initial: "initial_conversations", many: true, from: "channels"},
	"radio_buttons":              {template: "boxes", key: "selected_option", initial: "initial_option", typed: "radio"},
	"checkboxes":                 {template: "boxes", key: "selected_options", initial: "initial_options", typed: "checkbox", many: true},
	"plain_text_input":           {template: "typed", key: "value", initial: "initial_value", typed: "text"},
	"number_input":               {template: "typed", key: "value", initial: "initial_value", typed: "number"},
	"email_text_input":           {template: "typed", key: "value", initial: "initial_value", typed: "email"},
	"url_text_input":             {template: "typed", key: "value", initial: "initial_value", typed: "url"},
	"datepicker":                 {template: "typed", key: "selected_date", initial: "initial_date", typed: "date"},
	"timepicker":                 {template: "typed", key: "selected_time", initial: "initial_time", typed: "time"},
	"datetimepicker":             {template: "typed", key: "selected_date_time", initial: "initial_date_time", typed: "datetime-local"},
}

// A menu that is longer than this is one to search in. So is one that acts at
// once, as the browser's own would act at each press of an arrow key.
const shortMenu = 10

func (p Part) kind() control { return controls[word(p.E, "type")] }

// control returns the template for the element: a short menu of a form is the browser's own.
func (p Part) control() string {
	k := p.kind()
	switch {
	case k.template != "choice":
		return k.template
	case !k.many && !p.Acts() && len(p.options()) <= shortMenu:
		return "select"
	}
	return "picker"
}

// values returns the values that the element holds: what was entered, else what it
// begins with.
func (p Part) values() []string {
	k := p.kind()
	v := p.E[k.initial]
	if entry, ok := p.Entered[word(p.B, "block_id")][word(p.E, "action_id")]; ok && entry["type"] == p.E["type"] {
		v = entry[k.key]
	}
	all, many := v.([]any)
	if !many {
		all = []any{v}
	}
	var held []string
	for _, v := range all {
		switch v := v.(type) {
		case nil:
		case object:
			held = append(held, word(v, "value"))
		case float64:
			held = append(held, strconv.FormatFloat(v, 'f', -1, 64))
		default:
			held = append(held, fmt.Sprint(v))
		}
	}
	return held
}

// Value returns what a field for typing shows.
func (p Part) Value() string {
	held := strings.Join(p.values(), " ")
	if word(p.E, "type") != "datetimepicker" || held == "" {
		return held
	}
	seconds, err := strconv.ParseInt(held, 10, 64)
	if err != nil {
		return ""
	}
	return time.Unix(seconds, 0).Local().Format("2006-01-02T15:04")
}

// Typed returns the type of an input.
func (p Part) Typed() string { return p.kind().typed }

// Step returns the least that a number differs by.
func (p Part) Step() string {
	switch decimal, _ := p.E["is_decimal_allowed"].(bool); {
	case p.Typed() != "number":
		return ""
	case decimal:
		return "any"
	}
	return "1"
}

// Many reports whether several values can be chosen, and Most how many.
func (p Part) Many() bool { return p.kind().many }

// Most returns how many values can be chosen; 0 is any number of them.
func (p Part) Most() int { return number(p.E, "max_selected_items") }

// Option is something to choose.
type Option struct {
	Value, Label, Note string
	Chosen             bool
	E                  object // as the app gave it
}

// OptionGroup is options under one label, or under none.
type OptionGroup struct {
	Label   string
	Options []Option
}

// OptionGroups returns what the element offers.
func (p Part) OptionGroups() []OptionGroup {
	held := p.values()
	switch p.kind().from {
	case "people":
		var g OptionGroup
		for _, u := range p.People {
			g.Options = append(g.Options, Option{Value: u.ID, Label: u.RealName, Note: "@" + u.Name + ", " + u.Title})
		}
		return choose([]OptionGroup{g}, held)
	case "channels":
		var g OptionGroup
		for _, r := range p.Channels {
			g.Options = append(g.Options, Option{Value: r.ID, Label: "#" + r.Name})
		}
		return choose([]OptionGroup{g}, held)
	}
	groups := []OptionGroup{{Options: p.offered(p.E["options"])}}
	for _, g := range list(p.E["option_groups"]) {
		groups = append(groups, OptionGroup{Label: p.Plain(g["label"]), Options: p.offered(g["options"])})
	}
	return choose(groups, held)
}

func (p Part) offered(options any) []Option {
	var all []Option
	for _, o := range list(options) {
		all = append(all, Option{Value: word(o, "value"), Label: p.Plain(o["text"]), Note: p.Plain(o["description"]), E: o})
	}
	return all
}

func (p Part) options() []Option {
	var all []Option
	for _, g := range p.OptionGroups() {
		all = append(all, g.Options...)
	}
	return all
}

// Chosen returns the chosen options, in the order in which they were chosen.
func (p Part) Chosen() []Option {
	var chosen []Option
	all := p.options()
	for _, v := range p.values() {
		for _, o := range all {
			if o.Value == v {
				chosen = append(chosen, o)
			}
		}
	}
	return chosen
}

// Shown returns what a menu of one shows.
func (p Part) Shown() string {
	if chosen := p.Chosen(); len(chosen) > 0 && !p.Many() {
		return chosen[0].Label
	}
	return ""
}

// Placeholder returns what an empty element shows.
func (p Part) Placeholder() string {
	if hint := p.Plain(p.E["placeholder"]); hint != "" || p.kind().template == "typed" {
		return hint
	}
	return "Choose …"
}

// Label returns what an element outside a form is called.
func (p Part) Label() string {
	for _, text := range []any{p.E["placeholder"], p.B["text"]} {
		if s := p.Plain(text); s != "" {
			return s
		}
	}
	return strings.ReplaceAll(word(p.E, "type"), "_", " ")
}

// Problem returns what was wrong with the field when the form was sent.
func (p Part) Problem() string { return p.Errors[word(p.B, "block_id")] }

// choose notes which options are chosen.
func choose(groups []OptionGroup, held []string) []OptionGroup {
	for _, g := range groups {
		for i := range g.Options {
			g.Options[i].Chosen = slices.Contains(held, g.Options[i].Value)
		}
	}
	return groups
}
