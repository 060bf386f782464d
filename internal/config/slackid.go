package config

import (
	"regexp"
	"strings"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// The forms of Slack's IDs. Their length is not documented and has grown over
// the years, so only the first letter and the alphabet are held to.
var (
	userForm    = regexp.MustCompile(`^[UW][A-Z0-9]{1,20}$`)
	groupForm   = regexp.MustCompile(`^S[A-Z0-9]{1,20}$`)
	channelForm = regexp.MustCompile(`^[CG][A-Z0-9]{1,20}$`)
)

const (
	personRight  = "write a person's ID, such as U061F7AUR (in Slack: their profile, ⋮, Copy member ID), or a user group's, such as S0615G0KT"
	channelRight = "write a channel's ID, such as C0G9QF9GW: open the channel's details in Slack, it's at the bottom"
)

// addPerson adds a user's or a user group's ID to people, false if it is neither.
func addPerson(people *policy.People, id string) bool {
	switch {
	case userForm.MatchString(id):
		people.Users = people.Users.With(slackid.User(id))
	case groupForm.MatchString(id):
		people.Groups = people.Groups.With(slackid.Group(id))
	default:
		return false
	}
	return true
}

// personLike is what would be right instead of an ill-formed person.
func personLike(s string) string {
	id := strings.ToUpper(strings.Trim(strings.TrimPrefix(s, "<!subteam^"), "<@>"))
	if addPerson(new(policy.People), id) && strings.ContainsAny(s, "<0123456789") {
		return "write " + id
	}
	return personRight
}

// channelLike is what would be right instead of an ill-formed channel.
func channelLike(s string) string {
	id := strings.ToUpper(strings.Trim(s, "<#>"))
	if channelForm.MatchString(id) && strings.ContainsAny(id, "0123456789") {
		return "write " + id
	}
	return channelRight
}
