// Package webapi is Slack's Web API, and its response URLs.
//
//	request ─► fault? ─► validate: transport, token, scopes, limit, arguments ─► handler ─► answer
//	                          ▲                                                    │
//	                     methods.json: what Slack publishes about each method      ▼
//	                                                                        the workspace
//
// methods.json decides what is refused before a handler runs, and which error codes
// may be answered. Each method is limited by its tier in any minute of the
// workspace's clock, and posts to one channel to one a second with five at once.
package webapi
