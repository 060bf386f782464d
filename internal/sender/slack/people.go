package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// maxInvite is how many users one call of conversations.invite takes.
const maxInvite = 100

// recipients is who a notice's people are.
type recipients struct {
	users   []slackid.User          // each once, without Muster itself
	refused map[slackid.User]string // who is not among them or could not be invited, and why
	later   error                   // why it isn't known yet who else is among them; nil: all are known
}

// resolve finds out who people are. A group that nobody knows is a reason to
// report, and one that Slack doesn't tell of now is looked up later: the others are
// called all the same. A group takes a user's place among the refused, since a
// receipt knows users only.
func (c *Client) resolve(ctx context.Context, p policy.People) (recipients, error) {
	w := recipients{refused: map[slackid.User]string{}}
	if p.Empty() {
		return w, nil
	}
	self, err := c.Self(ctx)
	if err != nil {
		return recipients{}, before(err)
	}
	users := slices.Collect(p.Users.All())
	for group := range p.Groups.All() {
		members, err := c.members(ctx, group)
		switch c := code(err); {
		case c == "no_such_subteam" || c == "plan_upgrade_required" || (err == nil && len(members) == 0):
			w.refused[slackid.User(group)] = groupReason(c)
		case err != nil:
			err = before(fmt.Errorf("usergroups.users.list %s: %w", group, err))
			if refused, ok := errors.AsType[*outbox.Refused](err); ok {
				w.refused[slackid.User(group)] = refused.Reason
			} else {
				w.later = err
			}
		}
		for _, m := range members {
			users = append(users, slackid.User(m))
		}
	}
	for _, u := range users {
		if u != self.BotUserID && !slices.Contains(w.users, u) {
			w.users = append(w.users, u)
		}
	}
	return w, nil
}

// Members of a group are remembered for a while, so that a storm doesn't use up
// Slack's limit, and for longer where Slack doesn't answer. Calling somebody who
// has left the group since does less harm than calling nobody.
const (
	membersFresh = time.Minute
	membersStale = time.Hour
)

// group is what is remembered of one. Its lock lets one look-up run at a time.
type group struct {
	mu      sync.Mutex
	members []string
	at      time.Time
}

// members returns a user group's members.
func (c *Client) members(ctx context.Context, id slackid.Group) ([]string, error) {
	c.mu.Lock()
	g := c.groups[id]
	if g == nil {
		g = &group{}
		c.groups[id] = g
	}
	c.mu.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	age := c.now().Sub(g.at).Abs() // the clock may have been set back
	if len(g.members) > 0 && age < membersFresh {
		return g.members, nil
	}
	members, err := c.api.GetUserGroupMembersContext(ctx, string(id))
	if err == nil {
		g.members, g.at = members, c.now()
		return members, nil
	}
	_, refused := errors.AsType[*outbox.Refused](verdict(err))
	if !refused && len(g.members) > 0 && age < membersStale {
		return g.members, nil
	}
	return nil, err
}

func groupReason(code string) string {
	if code == "" {
		return "the user group is empty"
	}
	return reason(code)
}

// expand finds out who gets a direct message.
func (c *Client) expand(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	w, err := c.resolve(ctx, d.People)
	if err = cmp.Or(err, w.later); err != nil { // a receipt names all at once
		return notice.Receipt{}, err
	}
	return notice.Receipt{Users: w.users, Refused: w.refused}, nil
}

// invite calls people to a channel. Doing it twice does no harm, so nobody waits
// for a group that Slack doesn't tell of now.
func (c *Client) invite(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	w, err := c.resolve(ctx, d.People)
	if err != nil {
		return notice.Receipt{}, err
	}
	all := slices.Clone(w.users)
	for u := range d.Also.All() {
		if !slices.Contains(all, u) {
			all = append(all, u)
		}
	}
	for some := range slices.Chunk(all, maxInvite) {
		if err := c.inviteAll(ctx, d.To.Channel, some, w.refused); err != nil {
			return notice.Receipt{}, err
		}
	}
	if w.later != nil {
		return notice.Receipt{}, w.later
	}
	return notice.Receipt{Message: notice.Message{Channel: d.To.Channel}, Users: w.users, Refused: w.refused}, nil
}

// inviteAll invites all of them in one call. Slack lets one unknown user sink
// the call for everybody; its `force` would not, but slack-go drops the answer
// that says who was left out. So whoever the refusal names is set aside, and
// the rest is called again; a refusal that names nobody is narrowed by halves.
func (c *Client) inviteAll(ctx context.Context, to slackid.Channel, users []slackid.User, refused map[slackid.User]string) error {
	if len(users) == 0 {
		return nil
	}
	ids := make([]string, len(users))
	for n, u := range users {
		ids[n] = string(u)
	}
	_, err := c.api.InviteUsersToConversationContext(ctx, string(to), ids...)
	if err == nil {
		return nil
	}
	named := refusals(err)
	switch {
	case len(named) > 0:
		rest := slices.DeleteFunc(slices.Clone(users), func(u slackid.User) bool { _, out := named[u]; return out })
		if len(rest) < len(users) {
			for u, code := range named {
				set(refused, u, code)
			}
			return c.inviteAll(ctx, to, rest, refused)
		}
	case !aboutPeople[code(err)]:
		return fmt.Errorf("conversations.invite: %w", err)
	}
	if len(users) == 1 {
		set(refused, users[0], code(err))
		return nil
	}
	half := len(users) / 2
	if err := c.inviteAll(ctx, to, users[:half], refused); err != nil {
		return err
	}
	return c.inviteAll(ctx, to, users[half:], refused)
}

// set notes why somebody was not invited; who is in already is no such case.
func set(refused map[slackid.User]string, u slackid.User, code string) {
	if code != "already_in_channel" && code != "cant_invite_self" {
		refused[u] = reason(code)
	}
}

// refusals is who an error says could not be invited, with its code.
func refusals(err error) map[slackid.User]string {
	named := map[slackid.User]string{}
	answer, _ := refusal(err)
	for _, e := range answer.Errors {
		if one := e.ConversationsInviteResponseError; one != nil && !one.Ok {
			named[slackid.User(one.User)] = one.Error
		}
	}
	return named
}

// refusal is Slack's answer in an error, if it answered.
func refusal(err error) (slackgo.SlackErrorResponse, bool) {
	return errors.AsType[slackgo.SlackErrorResponse](err)
}
