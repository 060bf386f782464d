// Package clients has the sandbox proved by others: Slack's own clients from
// npm, which were written against the real service and know nothing of us.
//
// Each test starts a workspace, connects a script in Node to it, and then does
// in the workspace what people would do:
//
//	bolt.mjs    @slack/bolt: command, form with errors and updates, button,
//	            shortcuts, App Home, events
//	stack.mjs   @slack/bolt: views upon views, closed one by one and all at once
//	socket.mjs  @slack/socket-mode: acks, silence, retried events, sockets that
//	            are replaced
//	crowd.mjs   @slack/socket-mode: one socket too many
//	web.mjs     @slack/web-api: calls, pages of answers, refusals
//	limit.mjs   @slack/web-api: 429 with Retry-After
//
// Package slacktypes holds blocks and views against @slack/types.
//
// A script prints what it saw as lines of JSON on its standard output, fails by
// its exit status, and ends when its standard input does.
//
// The packages come from package-lock.json, by .ci/clients; `make test` sees to
// that. Without Node, or without them, the tests are left out, unless
// [Required] is set.
package clients
