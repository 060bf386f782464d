package blockkit

import (
	"reflect"
	"slices"
)

// chosen is what every menu and picker has; menus also have a placeholder.
var (
	chosen    = join(actionable, confirmable, focusable)
	menu      = join(chosen, placeholdable)
	multiMenu = join(menu, properties{"max_selected_items": whole(1, unlimited)})
)

// menus offer options, which the app names or Slack knows.
var menus = map[string]shape{
	"static_select":       offering(menu, properties{"initial_option": option}),
	"multi_static_select": offering(multiMenu, properties{"initial_options": list(1, 100, option)}),
	"external_select":     {optional: join(menu, typedAhead, properties{"initial_option": option})},
	"multi_external_select": {optional: join(multiMenu, typedAhead, properties{
		"initial_options": list(1, 100, option),
	})},
	"users_select":          {optional: join(menu, properties{"initial_user": id})},
	"multi_users_select":    {optional: join(multiMenu, properties{"initial_users": list(1, unlimited, id)})},
	"channels_select":       {optional: join(menu, responding, properties{"initial_channel": id})},
	"multi_channels_select": {optional: join(multiMenu, properties{"initial_channels": list(1, unlimited, id)})},
	"conversations_select":  {optional: join(menu, responding, conversations, properties{"initial_conversation": id})},
	"multi_conversations_select": {optional: join(multiMenu, conversations, properties{
		"initial_conversations": list(1, unlimited, id),
	})},
	"radio_buttons": {
		required: properties{"options": list(1, 10, richOption)},
		optional: join(chosen, properties{"initial_option": richOption}),
		also:     initialAmongOptions,
	},
	"checkboxes": {
		required: properties{"options": list(1, 10, richOption)},
		optional: join(chosen, properties{"initial_options": list(1, 10, richOption)}),
		also:     initialAmongOptions,
	},
}

var (
	typedAhead    = properties{"min_query_length": whole(0, unlimited)}
	responding    = properties{"response_url_enabled": boolean}
	conversations = properties{"default_to_current_conversation": boolean, "filter": conversationFilter}
)

// pickers choose a day, a time, or both.
var pickers = map[string]shape{
	"datepicker": {optional: join(menu, properties{"initial_date": moment("2006-01-02", "YYYY-MM-DD")})},
	"timepicker": {optional: join(menu, properties{
		"initial_time": moment("15:04", "HH:mm"), "timezone": text(1, unlimited),
	})},
	// Ten digits: seconds since 1970.
	"datetimepicker": {optional: join(chosen, properties{"initial_date_time": whole(1_000_000_000, 9_999_999_999)})},
}

// offering describes a menu with given options, or with groups of them.
func offering(common, initial properties) shape {
	return shape{
		optional: join(common, initial, properties{
			"options": list(1, 100, option), "option_groups": list(1, 100, optionGroup),
		}),
		also: func(c *checker, at string, o object) {
			_, ungrouped := o["options"]
			_, grouped := o["option_groups"]
			if ungrouped == grouped {
				c.conflict(at, "must define either `options` or `option_groups`")
			}
			initialAmongOptions(c, at, o)
		},
	}
}

// initialAmongOptions wants what a menu begins with among what it offers.
func initialAmongOptions(c *checker, at string, o object) {
	offered, _ := o["options"].([]any)
	groups, _ := o["option_groups"].([]any)
	for _, g := range groups {
		group, _ := g.(object)
		inside, _ := group["options"].([]any)
		offered = append(slices.Clip(offered), inside...)
	}
	among := func(v any) bool {
		return slices.ContainsFunc(offered, func(other any) bool { return reflect.DeepEqual(v, other) })
	}
	if v, there := o["initial_option"]; there && !among(v) {
		c.conflict(at+"/initial_option", "must match one of the options")
	}
	several, _ := o["initial_options"].([]any)
	if slices.ContainsFunc(several, func(v any) bool { return !among(v) }) {
		c.conflict(at+"/initial_options", "must match one of the options")
	}
}
