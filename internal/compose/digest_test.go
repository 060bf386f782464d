package compose_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/compose"
	"muster/internal/digest"
	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/policy"
	"muster/templates"
)

var _ compose.DigestRenderer = (*templates.Templates)(nil)

// countsOnly renders how many incidents there are, or refuses to.
type countsOnly struct{ err error }

func (r countsOnly) Digest(d digest.Digest) (string, []slack.Block, error) {
	return fmt.Sprintf("%d open, %d declared, %+v", len(d.Open), len(d.Declared), d.Private), nil, r.err
}

// declaredMany returns a store with so many open incidents, the last one private.
func declaredMany(t *testing.T, n int) *incidenttest.Store {
	t.Helper()
	store := incidenttest.NewStore()
	service := &incident.Service{Store: store, Policy: incidenttest.Policy(), Now: func() time.Time { return incidenttest.Start }, Wake: func() {}}
	for i := range n {
		d := incident.Declaration{Title: "Trouble", Severity: policy.P3, Private: i == n-1}
		if _, err := service.Do(t.Context(), incident.Request{Key: fmt.Sprint(i), By: incidenttest.Ana}, func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
			return inc.Declare(o, d)
		}); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

// an hour after the incidents were declared.
func later() time.Time { return incidenttest.Start.Add(time.Hour) }

// ofToday is a digest's notice.
var ofToday = digest.Period{Since: later().Add(-24 * time.Hour), Slot: later()}.Commit("C0MANAGERS", incident.Origin{ID: "o1", At: later()}).Notices[0]

func TestDigest_MoreRowsThanAPage_CountsAll(t *testing.T) {
	c := &compose.Digest{Rows: declaredMany(t, 450), Renderer: countsOnly{}, Now: later}
	got, err := c.Compose(t.Context(), ofToday)
	want := outbox.Delivery{
		To:      outbox.Destination{Channel: "C0MANAGERS"},
		Content: outbox.Content{Text: "449 open, 449 declared, {Open:1 Declared:1 Escalated:0 Resolved:0}", Blocks: []slack.Block(nil)},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

func TestDigest_CannotBeMade_IsTriedAgainOrRefused(t *testing.T) {
	store := declaredMany(t, 1)
	store.Fail(incident.ErrUnavailable)
	_, err := (&compose.Digest{Rows: store, Renderer: countsOnly{}, Now: later}).Compose(t.Context(), ofToday)
	if again, ok := errors.AsType[*outbox.RetryLater](err); !ok {
		t.Errorf("without a store: %v, want it tried again: %v", err, again)
	}
	store.Fail(nil)
	_, err = (&compose.Digest{Rows: store, Renderer: countsOnly{errors.New("no field")}, Now: later}).Compose(t.Context(), ofToday)
	wantRefused(t, err, "Muster couldn't render it")
	strange := ofToday
	strange.Subject.ID = "yesterday"
	_, err = (&compose.Digest{Rows: store, Renderer: countsOnly{}, Now: later}).Compose(t.Context(), strange)
	if !errors.Is(err, outbox.ErrNoSubject) {
		t.Errorf("of no period: %v, want %v", err, outbox.ErrNoSubject)
	}
}

func TestDigest_Delivered_HasNothingToRecord(t *testing.T) {
	if err := (&compose.Digest{}).Delivered(t.Context(), notice.Lease{}, notice.Receipt{}); !errors.Is(err, outbox.ErrNoChange) {
		t.Errorf("delivered: %v", err)
	}
	strange := notice.Lease{Notice: notice.Notice{Subject: notice.Subject{Kind: notice.Digest, ID: "yesterday"}}}
	if err := (&compose.Digest{}).Failed(t.Context(), strange, notice.Failure{Reason: "archived"}); !errors.Is(err, outbox.ErrNoChange) {
		t.Errorf("of no period: %v", err)
	}
}

// One that cannot be delivered is recorded with its end, and the next says so.
func TestDigest_Failed_IsSaidByTheNextOne(t *testing.T) {
	store := incidenttest.NewStore()
	c := &compose.Digest{Rows: store, Renderer: countsOnly{}, Now: later}
	slot := later().Add(-time.Minute)
	claim(t, store, slot)
	if d, err := c.Latest(t.Context()); err != nil || !d.Missed.IsZero() || !d.Period.Since.Equal(slot) {
		t.Errorf("before it failed: %+v, %v", d, err)
	}
	limits := notice.Limits{}
	lease, ok, err := store.Take(t.Context(), later(), time.Minute, limits)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := c.Failed(t.Context(), lease, notice.Failure{Reason: "archived"}); err != nil {
		t.Fatal(err)
	}
	if n := len(store.Waiting()); n != 0 {
		t.Errorf("%d notices still wait", n)
	}
	if d, err := c.Latest(t.Context()); err != nil || !d.Missed.Equal(slot) || !d.Period.Since.Equal(slot.Add(-24*time.Hour)) {
		t.Errorf("after it failed: missed %s, since %s, %v", d.Missed, d.Period.Since, err)
	}
	claim(t, store, later())
	if d, err := c.Latest(t.Context()); err != nil || !d.Missed.IsZero() {
		t.Errorf("after one that did not: missed %s, %v", d.Missed, err)
	}
}

func TestDigest_Latest_BeginsAtTheLastSlotOrADayAgo(t *testing.T) {
	store := incidenttest.NewStore()
	c := &compose.Digest{Rows: store, Renderer: countsOnly{}, Now: later}
	expect := func(want time.Time) {
		t.Helper()
		d, err := c.Latest(t.Context())
		if err != nil || !d.Period.Since.Equal(want) || !d.Period.Slot.IsZero() {
			t.Errorf("got %+v, %v; want it since %s and of no slot", d.Period, err, want)
		}
	}
	expect(later().Add(-24 * time.Hour))
	claim(t, store, later().Add(-3*time.Hour))
	expect(later().Add(-3 * time.Hour))
}

// claim commits a slot's digest.
func claim(t *testing.T, store *incidenttest.Store, slot time.Time) {
	t.Helper()
	period := digest.Period{Since: slot.Add(-24 * time.Hour), Slot: slot}
	if err := store.Commit(t.Context(), period.Commit("C0MANAGERS", incident.Origin{ID: "o1", At: later()})); err != nil {
		t.Fatal(err)
	}
}
