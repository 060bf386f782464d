package blockkit

import "fmt"

// attachment is the older kind of a message's content, of which Slack describes
// no limits. It lets be what it does not know.
var attachment = shape{
	optional: properties{
		"fallback": orNull(words), "color": orNull(words), "pretext": orNull(words), "text": orNull(words),
		"author_name": orNull(words), "author_link": orNull(words), "author_icon": orNull(words),
		"title": orNull(words), "title_link": orNull(words), "image_url": orNull(words), "thumb_url": orNull(words),
		"footer": orNull(words), "footer_icon": orNull(words), "callback_id": orNull(words),
		"mrkdwn_in": orNull(list(0, unlimited, words)),
		"fields": orNull(list(0, unlimited, like(shape{
			optional: properties{"title": orNull(words), "value": orNull(words), "short": orNull(boolean)}, open: true,
		}))),
		"blocks": orNull(list(0, messageBlocks, inner())),
	},
	open: true,
}

var words = text(0, unlimited)

// attachments checks those of a message, whose blocks count with the message's own.
func (c *checker) attachments(all []any, blocks int) {
	for n, a := range all {
		at := fmt.Sprintf("/attachments/%d", n)
		like(attachment)(c, at, a)
		o, _ := a.(object)
		own, _ := o["blocks"].([]any)
		if blocks += len(own); blocks > messageBlocks && len(own) <= messageBlocks {
			c.conflict(at+"/blocks", "no more than %d items allowed", messageBlocks)
		}
	}
}
