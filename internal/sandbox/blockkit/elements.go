package blockkit

import (
	"maps"
	"reflect"
	"slices"
)

// acting describes an element that people act on: it has an action_id, unique
// within its block, and may ask for confirmation.
func acting(required, optional map[string]rule, also func(*checker, string, object)) shape {
	all := map[string]rule{"action_id": actionID, "confirm": confirm, "focus_on_load": boolean}
	maps.Copy(all, optional)
	return shape{required: required, optional: all, also: also}
}

// actionID checks an action_id and remembers it for its block.
func actionID(c *checker, at string, v any) {
	text(1, 255)(c, at, v)
	id, _ := v.(string)
	if id != "" && c.actions[id] {
		c.say(at, "`action_id` must be unique within a block: %s", id)
	}
	c.actions[id] = true
}

var placeholder = map[string]rule{"placeholder": plain(150)}

// menu describes a menu with given options, or groups of them.
func menu(many bool) shape {
	optional := map[string]rule{
		"placeholder": plain(150), "options": list(1, 100, option), "option_groups": list(1, 100, optionGroup),
	}
	if many {
		optional["initial_options"] = list(1, 100, option)
		optional["max_selected_items"] = whole(1, 100)
	} else {
		optional["initial_option"] = option
	}
	return acting(nil, optional, func(c *checker, at string, o object) {
		_, plainOnes := o["options"]
		_, grouped := o["option_groups"]
		if plainOnes == grouped {
			c.say(at, "must provide either `options` or `option_groups`")
		}
		initialAmongOptions(c, at, o)
	})
}

// choices describes radio buttons or checkboxes.
func choices(initial string, first rule) shape {
	return acting(
		map[string]rule{"options": list(1, 10, richOption)},
		map[string]rule{initial: first},
		initialAmongOptions,
	)
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
		for _, other := range offered {
			if reflect.DeepEqual(v, other) {
				return true
			}
		}
		return false
	}
	if v := o["initial_option"]; v != nil && !among(v) {
		c.say(at+"/initial_option", "must match one of the options")
	}
	many, _ := o["initial_options"].([]any)
	for _, v := range many {
		if !among(v) {
			c.say(at+"/initial_options", "must match one of the options")
			return
		}
	}
}

// picker describes a menu whose options Slack knows: users, channels, dates.
func picker(more map[string]rule) shape {
	all := maps.Clone(placeholder)
	maps.Copy(all, more)
	return acting(nil, all, nil)
}

func input(more map[string]rule) shape {
	all := map[string]rule{"placeholder": plain(150), "dispatch_action_config": dispatchConfig}
	maps.Copy(all, more)
	return acting(nil, all, nil)
}

var (
	ids = list(1, 100, text(1, 255))

	elements = map[string]shape{
		"button": acting(map[string]rule{"text": plain(75)}, map[string]rule{
			"value": text(0, 2000), "url": text(1, 3000), "style": oneOf("primary", "danger"),
			"accessibility_label": text(1, 75),
		}, nil),
		"overflow":              acting(map[string]rule{"options": list(1, 5, overflowOption)}, nil, nil),
		"static_select":         menu(false),
		"multi_static_select":   menu(true),
		"radio_buttons":         choices("initial_option", richOption),
		"checkboxes":            choices("initial_options", list(1, 10, richOption)),
		"users_select":          picker(map[string]rule{"initial_user": text(1, 255)}),
		"multi_users_select":    picker(map[string]rule{"initial_users": ids, "max_selected_items": whole(1, 100)}),
		"channels_select":       picker(map[string]rule{"initial_channel": text(1, 255), "response_url_enabled": boolean}),
		"multi_channels_select": picker(map[string]rule{"initial_channels": ids, "max_selected_items": whole(1, 100)}),
		"external_select":       picker(map[string]rule{"initial_option": option, "min_query_length": whole(0, 100)}),
		"datepicker":            picker(map[string]rule{"initial_date": text(10, 10)}),
		"timepicker":            picker(map[string]rule{"initial_time": text(5, 5), "timezone": text(1, 100)}),
		"datetimepicker":        acting(nil, map[string]rule{"initial_date_time": whole(1_000_000_000, 9_999_999_999)}, nil),
		"conversations_select":  picker(conversation(map[string]rule{"initial_conversation": text(1, 255), "response_url_enabled": boolean})),
		"multi_external_select": picker(map[string]rule{"initial_options": list(1, 100, option), "min_query_length": whole(0, 100), "max_selected_items": whole(1, 100)}),
		"plain_text_input":      input(map[string]rule{"initial_value": text(0, 3000), "multiline": boolean, "min_length": whole(0, 3000), "max_length": whole(1, 3000)}),
		"email_text_input":      input(map[string]rule{"initial_value": text(0, 3000)}),
		"url_text_input":        input(map[string]rule{"initial_value": text(0, 3000)}),
		"number_input":          numberInput,
		"multi_conversations_select": picker(conversation(map[string]rule{
			"initial_conversations": ids, "max_selected_items": whole(1, 100),
		})),
		"image": picture,
	}

	numberInput = shape{
		required: map[string]rule{"is_decimal_allowed": boolean},
		optional: input(map[string]rule{
			"initial_value": text(0, 100), "min_value": text(1, 100), "max_value": text(1, 100),
		}).optional,
	}

	picture = shape{
		required: map[string]rule{"alt_text": text(1, 2000)},
		optional: map[string]rule{"image_url": text(1, 3000), "slack_file": slackFile},
		also:     oneSource,
	}
)

func conversation(more map[string]rule) map[string]rule {
	all := map[string]rule{"default_to_current_conversation": boolean, "filter": conversationFilter}
	maps.Copy(all, more)
	return all
}

// oneSource wants an image from a URL or from a file of Slack's.
func oneSource(c *checker, at string, o object) {
	_, link := o["image_url"]
	_, file := o["slack_file"]
	if link == file {
		c.say(at, "missing required field: image_url")
	}
}

// Where the elements may stand.
var (
	singleMenus = []string{"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
	multiMenus  = []string{
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
	}
	inActions = append([]string{
		"button", "overflow", "datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons",
	}, singleMenus...)
	inSection = append(append([]string{
		"button", "overflow", "datepicker", "timepicker", "checkboxes", "radio_buttons", "image",
	}, singleMenus...), multiMenus...)
	inInput = append(append([]string{
		"plain_text_input", "number_input", "email_text_input", "url_text_input", "datepicker", "timepicker",
		"datetimepicker", "checkboxes", "radio_buttons",
	}, singleMenus...), multiMenus...)
)
