package compose

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/digest"
	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/outbox"
)

// Rows is where incidents' rows and the slots of jobs are read, and where it is
// recorded that a digest could not be delivered; a store is one.
type Rows interface {
	Find(ctx context.Context, q incident.Query) ([]incident.Summary, error)
	LastSlot(ctx context.Context, job string) (time.Time, error)
	Commit(ctx context.Context, c incident.Commit) error
}

// DigestRenderer writes a digest.
type DigestRenderer interface {
	Digest(d digest.Digest) (text string, blocks []slack.Block, err error)
}

// Digest composes digests, from the incidents' rows as they are by then.
type Digest struct {
	Rows     Rows
	Renderer DigestRenderer
	Now      func() time.Time
}

var _ outbox.Composer = (*Digest)(nil)

// Compose makes the digest of the period that a notice is about.
func (c *Digest) Compose(ctx context.Context, n notice.Notice) (outbox.Delivery, error) {
	period, err := digest.PeriodOf(n.Subject)
	if err != nil {
		return outbox.Delivery{}, fmt.Errorf("%w: %w", outbox.ErrNoSubject, err)
	}
	d, err := c.read(ctx, period)
	if err != nil {
		return outbox.Delivery{}, &outbox.RetryLater{Reason: "Muster couldn't read its store", Err: err}
	}
	text, blocks, err := c.Renderer.Digest(d)
	if err != nil {
		return outbox.Delivery{}, &outbox.Refused{Reason: "Muster couldn't render it", Err: fmt.Errorf("render %s: %w", n.Template, err)}
	}
	return outbox.Delivery{To: outbox.Destination{Channel: n.To.Channel}, Content: outbox.Content{Text: text, Blocks: blocks}}, nil
}

// unasked says how far back a digest goes that somebody asks for where none was
// ever posted.
const unasked = 24 * time.Hour

// Latest returns the digest of what happened since the last slot.
func (c *Digest) Latest(ctx context.Context) (digest.Digest, error) {
	since, err := c.Rows.LastSlot(ctx, digest.Job)
	if err != nil {
		return digest.Digest{}, fmt.Errorf("read the last slot: %w: %w", incident.ErrUnavailable, err)
	}
	if since.IsZero() {
		since = c.Now().Add(-unasked)
	}
	return c.read(ctx, digest.Period{Since: since})
}

// pageSize bounds how many rows are read at once.
const pageSize = 200

// read makes a period's digest of the rows: the open ones, and those that
// changed since it began. What the digest before could not say, this one does.
func (c *Digest) read(ctx context.Context, p digest.Period) (digest.Digest, error) {
	undelivered, err := c.Rows.LastSlot(ctx, digest.JobUndelivered)
	if err != nil {
		return digest.Digest{}, fmt.Errorf("read the last digest that failed: %w: %w", incident.ErrUnavailable, err)
	}
	p, missed := p.After(undelivered)
	var rows []incident.Summary
	for _, q := range []incident.Query{{Open: true}, {Since: p.Since}} {
		for q.Limit = pageSize; ; {
			page, err := c.Rows.Find(ctx, q)
			if err != nil {
				return digest.Digest{}, fmt.Errorf("find: %w: %w", incident.ErrUnavailable, err)
			}
			rows = append(rows, page...)
			if len(page) < q.Limit {
				break
			}
			q.After = &page[len(page)-1]
		}
	}
	d := digest.New(rows, p, c.Now())
	if missed {
		d.Missed = undelivered
	}
	return d, nil
}

// Delivered has nothing to record: a digest belongs to no incident.
func (*Digest) Delivered(context.Context, notice.Lease, notice.Receipt) error {
	return outbox.ErrNoChange
}

// Failed records that a digest could not be delivered, for the next one and for
// whoever asks to say so; the outbox has logged why.
func (c *Digest) Failed(ctx context.Context, l notice.Lease, _ notice.Failure) error {
	period, err := digest.PeriodOf(l.Notice.Subject)
	if err != nil {
		return outbox.ErrNoChange
	}
	err = c.Rows.Commit(ctx, period.Undelivered(l, c.Now().UTC().Truncate(time.Millisecond)))
	if errors.Is(err, incident.ErrRepeated) { // a later one is recorded already
		return outbox.ErrNoChange
	}
	return err
}
