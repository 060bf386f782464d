// Package refusal says no in Slack's words: with an error code, with what is wrong
// in particular, and for a limit with how long to wait.
//
// The workspace refuses what nobody could do in Slack, whichever way it was asked;
// the Web API adds what only calls can get wrong, and lets out only codes that
// Slack documents for the method.
package refusal
