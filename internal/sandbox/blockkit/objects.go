package blockkit

import "slices"

func plainText(most int) shape {
	return shape{required: properties{"text": text(1, most)}, optional: properties{"emoji": boolean}}
}

func mrkdwn(most int) shape {
	return shape{required: properties{"text": text(1, most)}, optional: properties{"verbatim": boolean}}
}

// plain wants a plain_text object.
func plain(most int) rule {
	return typed(map[string]shape{"plain_text": plainText(most)})
}

// either wants a plain_text or a mrkdwn object. Slack reports a failure of such
// a choice twice: for the choice, and for what made it fail.
func either(most int) rule {
	inner := typed(map[string]shape{"plain_text": plainText(most), "mrkdwn": mrkdwn(most)})
	return func(c *checker, at string, v any) {
		before := len(c.malformed)
		inner(c, at, v)
		if len(c.malformed) > before {
			c.malformed = slices.Insert(c.malformed, before, noSchema(at))
		}
	}
}

func noSchema(at string) Problem {
	return Problem{Text: "failed to match all allowed schemas", Pointer: at}
}

var (
	style = oneOf("primary", "danger")

	confirm = like(shape{
		required: properties{"title": plain(100), "text": either(300), "confirm": plain(30), "deny": plain(30)},
		optional: properties{"style": style},
	})

	option         = choice(plain(75), plain(75), nil)
	richOption     = choice(either(75), either(75), nil) // of radio buttons and checkboxes
	overflowOption = choice(plain(75), plain(75), properties{"url": link})

	optionGroup = like(shape{
		required: properties{"label": plain(75), "options": list(1, 100, option)},
	})

	slackFile = like(shape{optional: properties{"id": id, "url": link}, also: either1("id", "url")})

	conversationFilter = like(shape{
		optional: properties{
			"include":                          list(1, 4, oneOf("im", "mpim", "private", "public")),
			"exclude_external_shared_channels": boolean,
			"exclude_bot_users":                boolean,
		},
		also: func(c *checker, at string, o object) {
			if len(o) == 0 {
				c.conflict(at, "must provide at least 1 properties")
			}
		},
	})

	dispatchConfig = like(shape{optional: properties{
		"trigger_actions_on": list(1, 2, oneOf("on_enter_pressed", "on_character_entered")),
	}})

	// An image comes from a URL or from a file of Slack's.
	picture = shape{
		required: properties{"alt_text": text(1, 2000)},
		optional: properties{"image_url": link, "slack_file": slackFile},
		also:     either1("image_url", "slack_file"),
	}
	pictured = typed(map[string]shape{"image": picture})
)

// choice returns one option of a menu.
func choice(label, description rule, more properties) rule {
	return like(shape{
		required: properties{"text": label, "value": text(1, 150)},
		optional: join(properties{"description": description}, more),
	})
}

// either1 wants exactly one of two properties.
func either1(first, second string) func(*checker, string, object) {
	return func(c *checker, at string, o object) {
		_, one := o[first]
		_, other := o[second]
		switch {
		case !one && !other:
			c.say(at, "missing required field: %s", first)
		case one && other:
			c.conflict(at, "must define either `%s` or `%s`", first, second)
		}
	}
}
