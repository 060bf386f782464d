package slackid

type (
	// User is a user's ID, such as "U061F7AUR".
	User string
	// Channel is a conversation's ID, such as "C0G9QF9GW". It is a channel's
	// only identity: names and topics change.
	Channel string
	// Group is a user group's ID, such as "S0615G0KT".
	Group string
)

// Muster is the actor of what Muster does on its own.
const Muster User = "muster"

// Mention returns the user as Slack's mrkdwn shows one.
func (u User) Mention() string {
	if u == Muster {
		return "Muster"
	}
	return "<@" + string(u) + ">"
}

// Mention returns the channel as Slack's mrkdwn links one.
func (c Channel) Mention() string { return "<#" + string(c) + ">" }

// Mention returns the user group as Slack's mrkdwn notifies one.
func (g Group) Mention() string { return "<!subteam^" + string(g) + ">" }
