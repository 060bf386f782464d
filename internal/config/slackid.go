package config

import (
	"regexp"
	"strings"

	"muster/internal/yamlfile"
)

// Slack's IDs. Their length is not documented and has grown over the years, so
// only the first letter and the alphabet are held to.
var (
	personID  = regexp.MustCompile(`^[UWS][A-Z0-9]{1,20}$`)
	channelID = regexp.MustCompile(`^[CG][A-Z0-9]{1,20}$`)

	personForm  = yamlfile.Form{Pattern: personID, Is: "a person's ID", Right: personLike}
	channelForm = yamlfile.Form{Pattern: channelID, Is: "a channel's ID", Right: channelLike}
)

const (
	personRight  = "write a person's ID, such as U061F7AUR (in Slack: their profile, ⋮, Copy member ID), or a user group's, such as S0615G0KT"
	channelRight = "write a channel's ID, such as C0G9QF9GW: open the channel's details in Slack, it's at the bottom"
)

// personLike returns what would be right instead of an ill-formed person.
func personLike(s string) string {
	id := strings.ToUpper(strings.Trim(strings.TrimPrefix(s, "<!subteam^"), "<@>"))
	if personID.MatchString(id) && strings.ContainsAny(s, "<0123456789") {
		return "write " + id
	}
	return personRight
}

// channelLike returns what would be right instead of an ill-formed channel.
func channelLike(s string) string {
	id := strings.ToUpper(strings.Trim(s, "<#>"))
	if channelID.MatchString(id) && strings.ContainsAny(id, "0123456789") {
		return "write " + id
	}
	return channelRight
}
