package compose

import (
	"context"
	"errors"
	"fmt"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/outbox"
)

// Incidents is where incidents are read, and where it is recorded what came of
// their notices; an [incident.Service] is one.
type Incidents interface {
	Read(ctx context.Context, n incident.Number, want incident.Want) (incident.Incident, error)
	Delivered(ctx context.Context, n incident.Number, l notice.Lease, r notice.Receipt) error
	Failed(ctx context.Context, n incident.Number, l notice.Lease, f notice.Failure) error
}

// Renderer writes what is posted. The incident that it gets is already as the
// audience may see it.
type Renderer interface {
	Message(n notice.Notice, inc incident.Incident, a incident.Audience) (text string, blocks []slack.Block, err error)
	Topic(inc incident.Incident) string
}

// Incident composes the notices of incidents.
type Incident struct {
	Incidents Incidents
	Renderer  Renderer
}

var (
	_ outbox.Composer = (*Incident)(nil)
	_ Incidents       = (*incident.Service)(nil)
)

// Compose decides what a notice comes to, given its incident as it stands now.
func (c *Incident) Compose(ctx context.Context, n notice.Notice) (outbox.Delivery, error) {
	inc, err := c.read(ctx, n)
	if err != nil {
		return outbox.Delivery{}, err
	}
	if inc.Obsolete(n) {
		return outbox.Delivery{}, outbox.ErrObsolete
	}
	audience, allowed := inc.Audience(n)
	switch {
	case !allowed:
		return outbox.Delivery{}, &outbox.Refused{Reason: "held back: the incident is private"}
	case audience.Channel == "" && needsChannel(n.Op):
		return outbox.Delivery{}, &outbox.Refused{Reason: noChannel(inc)}
	}
	d := outbox.Delivery{
		Incident: inc.ID, People: n.To.People, Also: n.To.Also,
		To: outbox.Destination{Channel: audience.Channel, User: audience.User},
	}
	switch n.Op {
	case notice.OpOpen:
		d.Channel = outbox.NewChannel{Names: channelNames(inc), Private: inc.Private, Since: inc.Declared.At}
	case notice.OpTopic:
		d.Topic = c.Renderer.Topic(inc.For(audience))
	case notice.OpPin:
		if d.Message = inc.Card; d.Message.TS == "" {
			return outbox.Delivery{}, &outbox.Refused{Reason: "the card wasn't posted, so there's nothing to pin"}
		}
	case notice.OpPost, notice.OpEdit:
		d.Message = posted(inc, n)
		d.Content, err = c.content(n, inc, audience)
	}
	return d, err
}

// read reads a notice's incident with what is needed to render it.
func (c *Incident) read(ctx context.Context, n notice.Notice) (incident.Incident, error) {
	number, ok := incident.NumberOf(n.Subject)
	if !ok {
		return incident.Incident{}, outbox.ErrNoSubject
	}
	want := incident.Want{Texts: true}
	if n.Entry > 0 {
		want.Entries = []int{n.Entry}
	}
	if n.Template == incident.TemplateCard {
		want.Parts = []incident.PartKind{incident.PartDeadLetter}
	}
	inc, err := c.Incidents.Read(ctx, number, want)
	switch {
	case errors.Is(err, incident.ErrNotFound):
		return incident.Incident{}, fmt.Errorf("%w: %w", outbox.ErrNoSubject, err)
	case err != nil:
		return incident.Incident{}, &outbox.RetryLater{Reason: "Muster couldn't read its store", Err: err}
	}
	return inc, nil
}

// needsChannel reports whether an op arranges the incident's own channel.
func needsChannel(op notice.Op) bool {
	return op == notice.OpTopic || op == notice.OpInvite || op == notice.OpPin || op == notice.OpArchive || op == notice.OpUnarchive
}

// noChannel says why an incident's channel cannot be arranged.
func noChannel(inc incident.Incident) string {
	if inc.Channel != "" {
		return "the incident's channel is archived"
	}
	return "the incident doesn't have a channel"
}

// posted returns the message that an edit brings up to date, none for a post.
func posted(inc incident.Incident, n notice.Notice) notice.Message {
	switch {
	case n.Op != notice.OpEdit:
		return notice.Message{}
	case n.Template == incident.TemplateAnnouncement:
		return inc.Announced
	}
	return inc.Card
}

// content renders a notice for its audience.
func (c *Incident) content(n notice.Notice, inc incident.Incident, a incident.Audience) (outbox.Content, error) {
	text, blocks, err := c.Renderer.Message(n, inc.For(a), a)
	if err != nil {
		return outbox.Content{}, &outbox.Refused{Reason: "Muster couldn't render it", Err: fmt.Errorf("render %s: %w", n.Template, err)}
	}
	return outbox.Content{Text: text, Blocks: blocks}, nil
}

// Delivered records a receipt with the notice's incident.
func (c *Incident) Delivered(ctx context.Context, l notice.Lease, r notice.Receipt) error {
	return record(l, func(n incident.Number) error { return c.Incidents.Delivered(ctx, n, l, r) })
}

// Failed records a dead letter with the notice's incident.
func (c *Incident) Failed(ctx context.Context, l notice.Lease, f notice.Failure) error {
	return record(l, func(n incident.Number) error { return c.Incidents.Failed(ctx, n, l, f) })
}

// record says in the outbox's words that the incident need not know.
func record(l notice.Lease, write func(incident.Number) error) error {
	number, ok := incident.NumberOf(l.Notice.Subject)
	if !ok {
		return outbox.ErrNoChange
	}
	err := write(number)
	if errors.Is(err, incident.ErrNoChange) {
		return outbox.ErrNoChange
	}
	return err
}
