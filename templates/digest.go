package templates

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/digest"
)

// digestRows lists how many open incidents a digest names, the most first, until it
// fits. Of what happened it names half as many each.
var digestRows = []int{40, 32, 26, 20, 16, 12, 9, 7, 5, 4, 3, 2, 1}

// Digest returns a digest: its plain text and its blocks, which have room for
// more rows. Both say how many incidents they leave out.
func (t *Templates) Digest(d digest.Digest) (text string, blocks []slack.Block, err error) {
	view, err := t.digestView(d)
	if err != nil {
		return "", nil, err
	}
	shown, err := t.fit(view, func(p parts) bool { return length(p.body) <= limitBody })
	if err != nil {
		return "", nil, err
	}
	said, err := t.fit(view, func(p parts) bool { return length(p.text()) <= limitText })
	return cut(said.text(), limitText), shown.blocks(nil), err
}

// DigestReply returns a digest as an answer, with as many rows as an
// acknowledgement can carry.
func (t *Templates) DigestReply(d digest.Digest) (r Reply, err error) {
	view, err := t.digestView(d)
	if err != nil {
		return Reply{}, err
	}
	_, err = t.fit(view, func(p parts) bool {
		r = Reply{Text: cut(p.text(), limitText), Blocks: p.blocks(nil)}
		return length(p.text()) <= limitText && r.fits()
	})
	return r, err
}

// digestView returns the view of a digest.
func (t *Templates) digestView(d digest.Digest) (digestView, error) {
	zone, err := time.LoadLocation(t.policy.Digest.Timezone)
	if err != nil {
		return digestView{}, fmt.Errorf("the digest's time zone: %w", err)
	}
	return digestView{frame: frame{t, d.Now, limitSaid}, d: d, zone: zone}, nil
}

// fit renders a digest with as many rows as fit.
func (t *Templates) fit(v digestView, fits func(parts) bool) (p parts, err error) {
	for _, v.rows = range digestRows {
		if p, err = t.render("digest/digest", v); err != nil || fits(p) {
			break
		}
	}
	return p, err
}
