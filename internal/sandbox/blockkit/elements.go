package blockkit

// What elements have in common, by what people do with them.
var (
	actionable    = properties{"action_id": actionID}
	confirmable   = properties{"confirm": confirm}
	focusable     = properties{"focus_on_load": focus}
	placeholdable = properties{"placeholder": plain(150)}
	dispatchable  = properties{"dispatch_action_config": dispatchConfig}
)

// actionID checks an action_id and remembers it for its block.
func actionID(c *checker, at string, v any) {
	id(c, at, v)
	if s, _ := v.(string); s != "" {
		if c.actions[s] {
			c.conflict(at, "`action_id` %q already exists", s)
		}
		c.actions[s] = true
	}
}

// focus may be taken once in a view.
func focus(c *checker, at string, v any) {
	boolean(c, at, v)
	if v == true {
		if c.focused {
			c.conflict(at, "must only be set to true once")
		}
		c.focused = true
	}
}

var elements = join(buttons, menus, pickers, inputs, map[string]shape{"image": picture})

var (
	buttonLabel = properties{"accessibility_label": text(1, 75)}

	button = shape{
		required: properties{"text": plain(75)},
		optional: join(actionable, confirmable, buttonLabel, properties{
			"value": text(0, 2000), "url": link, "style": style,
		}),
	}

	buttons = map[string]shape{
		"button": button,
		"overflow": {
			required: properties{"options": list(1, 5, overflowOption)},
			optional: join(actionable, confirmable),
		},
		"workflow_button": {
			required: properties{"text": plain(75), "workflow": like(shape{required: properties{"trigger": trigger}})},
			optional: join(actionable, confirmable, buttonLabel, properties{"style": style}),
		},
		"icon_button": {
			required: properties{"icon": oneOf("trash"), "text": plain(75)},
			optional: join(actionable, confirmable, buttonLabel, properties{
				"value": text(0, 2000), "visible_to_user_ids": list(1, unlimited, id),
			}),
		},
		"feedback_buttons": {
			required: properties{"positive_button": feedback, "negative_button": feedback},
			optional: actionable,
		},
	}

	feedback = like(shape{
		required: properties{"text": plain(75), "value": text(1, 2000)},
		optional: buttonLabel,
	})

	trigger = like(shape{
		required: properties{"url": link},
		optional: properties{"customizable_input_parameters": list(0, unlimited, like(shape{
			required: properties{"name": text(1, unlimited), "value": text(0, unlimited)},
		}))},
	})
)

// Where the elements may stand.
var (
	singleMenus = []string{"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
	multiMenus  = []string{
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
	}
	anywhere = append(append([]string{"datepicker", "timepicker", "checkboxes", "radio_buttons"}, singleMenus...), multiMenus...)

	inActions = append([]string{"button", "overflow", "workflow_button", "datetimepicker", "rich_text_input"}, anywhere...)
	inSection = append([]string{"button", "overflow", "workflow_button", "image"}, anywhere...)
	inInput   = append([]string{
		"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input", "datetimepicker",
	}, anywhere...)
)
