package blockkit

var cardBlocks = map[string]shape{
	"alert": {
		required: properties{"text": either(200)},
		optional: properties{"level": oneOf("default", "info", "warning", "error", "success")},
	},
	"card": {
		optional: properties{
			"hero_image": pictured, "icon": pictured, "slack_icon": icon,
			"title": either(150), "subtitle": either(150), "body": either(200), "subtext": either(200),
			"actions": list(1, 3, typed(map[string]shape{"button": button})),
		},
		also: func(c *checker, at string, o object) {
			if !hasAny(o, "hero_image", "title", "actions", "body") {
				c.conflict(at+"/type", "must define one of `hero_image`, `title`, `actions` or `body`")
			}
			if hasAny(o, "icon") && hasAny(o, "slack_icon") {
				c.conflict(at, "must define either `icon` or `slack_icon`")
			}
		},
	},
	"carousel": {required: properties{"elements": list(1, 10, inner("card"))}},
}

// icon is one of Slack's own. Which names there are changes, so any will do.
var icon = like(shape{required: properties{"type": oneOf("icon"), "name": text(1, unlimited)}})

// taskBlocks show what an agent does. Their titles are bare strings, unlike a card's.
var taskBlocks = map[string]shape{
	// A task that waits for others is one of a plan.
	"task_card": {required: aTask, optional: join(taskParts, properties{"status": oneOf(begun...)})},
	"plan": {
		required: properties{"title": text(1, unlimited)},
		optional: properties{
			"status": taskStatus,
			"tasks": list(0, 50, like(shape{
				required: aTask,
				optional: join(taskParts, properties{"type": oneOf("task_card"), "block_id": id, "status": taskStatus}),
			})),
		},
	},
}

var (
	begun      = []string{"in_progress", "complete", "error"}
	taskStatus = oneOf(append([]string{"pending"}, begun...)...)
	aTask      = properties{"task_id": text(1, unlimited), "title": text(1, unlimited)}
	taskParts  = properties{
		"details": richText, "output": richText, "hide_title": boolean,
		"sources": list(0, unlimited, typed(map[string]shape{
			"url": {required: properties{"url": link, "text": text(1, unlimited)}},
		})),
	}
)

func hasAny(o object, names ...string) bool {
	for _, name := range names {
		if _, there := o[name]; there {
			return true
		}
	}
	return false
}
