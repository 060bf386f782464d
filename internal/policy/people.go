package policy

import "muster/internal/slackid"

// People are users and user groups, as the policy names them.
type People struct {
	Users  slackid.Set[slackid.User]  `json:"users,omitzero"`
	Groups slackid.Set[slackid.Group] `json:"groups,omitzero"`
}

// NewPeople returns the people whom the IDs name, each once.
func NewPeople(users []slackid.User, groups []slackid.Group) People {
	return People{slackid.NewSet(users...), slackid.NewSet(groups...)}
}

// Empty reports whether nobody is named.
func (p People) Empty() bool { return p.Users.IsZero() && p.Groups.IsZero() }

// With returns the people and some users.
func (p People) With(users ...slackid.User) People {
	return People{p.Users.With(users...), p.Groups}
}

// Union returns the people of both.
func (p People) Union(q People) People {
	return People{p.Users.Union(q.Users), p.Groups.Union(q.Groups)}
}

// Equal reports whether both are the same people.
func (p People) Equal(q People) bool { return p.Users.Equal(q.Users) && p.Groups.Equal(q.Groups) }
