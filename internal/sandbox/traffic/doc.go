// Package traffic records what passes between the workspace and its clients: calls,
// envelopes, acknowledgements, uses of response URLs and sockets.
//
// It numbers every change and every entry in one sequence, so that a reader who has
// seen N can ask for what came after, or wait for it.
package traffic
