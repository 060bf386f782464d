package blockkit

import "maps"

// plain wants a plain_text object.
func plain(most int) rule {
	return typed(map[string]shape{"plain_text": {
		required: map[string]rule{"text": text(1, most)},
		optional: map[string]rule{"emoji": boolean},
	}})
}

// either wants a plain_text or a mrkdwn object. Slack reports a failure of such
// a choice twice: for the choice, and for what made it fail.
func either(most int) rule {
	inner := typed(map[string]shape{
		"plain_text": {
			required: map[string]rule{"text": text(1, most)},
			optional: map[string]rule{"emoji": boolean},
		},
		"mrkdwn": {
			required: map[string]rule{"text": text(1, most)},
			optional: map[string]rule{"verbatim": boolean},
		},
	})
	return func(c *checker, at string, v any) {
		before := len(c.problems)
		inner(c, at, v)
		if len(c.problems) == before {
			return
		}
		choice := Problem{Text: "failed to match all allowed schemas", Pointer: at}
		c.problems = append(c.problems[:before], append([]Problem{choice}, c.problems[before:]...)...)
	}
}

var confirm = like(shape{
	required: map[string]rule{"title": plain(100), "text": either(300), "confirm": plain(30), "deny": plain(30)},
	optional: map[string]rule{"style": oneOf("primary", "danger")},
})

// choice is one option of a menu; rich ones (radio buttons, checkboxes) may use
// mrkdwn, those of an overflow menu may be links.
func choice(label rule, more map[string]rule) rule {
	optional := map[string]rule{"description": plain(75)}
	maps.Copy(optional, more)
	return like(shape{
		required: map[string]rule{"text": label, "value": text(1, 150)},
		optional: optional,
	})
}

var (
	option         = choice(plain(75), nil)
	richOption     = choice(either(75), map[string]rule{"description": either(75)})
	overflowOption = choice(plain(75), map[string]rule{"url": text(1, 3000)})

	optionGroup = like(shape{
		required: map[string]rule{"label": plain(75), "options": list(1, 100, option)},
	})
)

var slackFile = like(shape{optional: map[string]rule{"id": text(1, 255), "url": text(1, 3000)}})

var conversationFilter = like(shape{optional: map[string]rule{
	"include":                          list(1, 4, oneOf("im", "mpim", "private", "public")),
	"exclude_external_shared_channels": boolean,
	"exclude_bot_users":                boolean,
}})

var dispatchConfig = like(shape{optional: map[string]rule{
	"trigger_actions_on": list(1, 2, oneOf("on_enter_pressed", "on_character_entered")),
}})
