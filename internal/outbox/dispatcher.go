package outbox

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"

	"muster/internal/notice"
)

// Options says what a dispatcher works with. Zero values from Log on mean the
// defaults.
type Options struct {
	Lanes    Lanes
	Subjects map[notice.Kind]Composer
	Senders  map[notice.Medium]Sender
	Limits   notice.Limits    // how fast the senders may be used, over all replicas
	Now      func() time.Time // decides what is due; waiting is always in real time
	Log      *zap.Logger
	Workers  int           // deliveries at the same time; 8
	Reserved int           // of these, how many are for what is urgent; a quarter
	Lease    time.Duration // how long a lane's head is held, and with a margin how long a send may take; 30 s
	Poll     time.Duration // how often to look for work that nobody woke us for; 500 ms
	Grace    time.Duration // how long a send may go on after Run's context ended, and again recording it; 3 s
}

// Dispatcher delivers what waits in the lanes.
type Dispatcher struct {
	options Options

	slots chan struct{} // one per delivery under way
	woken chan struct{}

	mu       sync.Mutex    // held while taking, so that "none ready, none under way" is one observation
	underway int           // deliveries taken and not yet recorded
	settled  int           // deliveries recorded for good
	ended    chan struct{} // closed, and replaced, whenever a delivery ends
}

// New returns a dispatcher. It does nothing before [Dispatcher.Run] or
// [Dispatcher.Flush].
func New(o Options) *Dispatcher {
	orDefault(&o.Workers, 8)
	orDefault(&o.Reserved, o.Workers/4)
	orDefault(&o.Lease, 30*time.Second)
	orDefault(&o.Poll, 500*time.Millisecond)
	orDefault(&o.Grace, 3*time.Second)
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	return &Dispatcher{
		options: o,
		slots:   make(chan struct{}, o.Workers),
		woken:   make(chan struct{}, 1),
		ended:   make(chan struct{}),
	}
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Wake says that there may be something to deliver. It never blocks.
func (d *Dispatcher) Wake() {
	select {
	case d.woken <- struct{}{}:
	default: // it is awake already
	}
}

// Run delivers until ctx ends, and then waits for what is under way, which is
// bounded by the grace.
func (d *Dispatcher) Run(ctx context.Context) error {
	defer d.finish()
	failures := 0
	for ctx.Err() == nil {
		found, err := d.start(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			d.options.Log.Error("take from the outbox", zap.Error(err), zap.Int("failures", failures+1))
			wait(ctx, backoff(failures, d.options.Poll, 10*d.options.Poll), nil)
			failures++
		case found == busy || found == idle:
			failures = 0
			wait(ctx, d.options.Poll, d.woken)
		default:
			failures = 0
		}
	}
	return nil
}

// Flush delivers all that is ready now and waits for what is under way, also
// where Run took it. It returns how many notices left the lanes meanwhile. What
// is held back until later (pace, a retry) is not waited for: a clock that is
// moved by hand asks the store for the next moment.
func (d *Dispatcher) Flush(ctx context.Context) (delivered int, err error) {
	before := d.progress()
	for {
		found, err := d.start(ctx)
		switch {
		case err != nil:
			return d.progress() - before, err
		case found == idle:
			return d.progress() - before, nil
		case found == busy:
			if err := d.waitForOne(ctx); err != nil {
				return d.progress() - before, err
			}
		}
	}
}

// found is what there was to take.
type found int

const (
	work found = iota // something, and it is under way now
	busy              // nothing that is ready, but deliveries are under way
	idle              // nothing at all
)

// start takes one head and delivers it in the background, as soon as there is
// a slot. Taking outlives ctx: a head that was taken while nobody waits for the answer
// any more would keep its lane until the lease runs out, and be in doubt then.
func (d *Dispatcher) start(ctx context.Context) (found, error) {
	select {
	case d.slots <- struct{}{}:
	case <-ctx.Done():
		return busy, ctx.Err()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	limits := d.options.Limits
	limits.UrgentOnly = d.underway >= d.options.Workers-d.options.Reserved
	taking, taken := outlive(ctx, d.options.Lease, d.options.Grace)
	defer taken()
	l, ok, err := d.options.Lanes.Take(taking, d.now(), d.options.Lease, limits)
	if err != nil || !ok {
		<-d.slots
		if d.underway == 0 {
			return idle, err
		}
		return busy, err
	}
	d.underway++
	go func() {
		defer d.end()
		d.deliver(ctx, l)
	}()
	return work, nil
}

// end makes a delivery's slot free again.
func (d *Dispatcher) end() {
	d.mu.Lock()
	d.underway--
	close(d.ended)
	d.ended = make(chan struct{})
	d.mu.Unlock()
	<-d.slots
	d.Wake() // its lane may have a next head
}

// waitForOne waits until a delivery ends, if one is under way.
func (d *Dispatcher) waitForOne(ctx context.Context) error {
	d.mu.Lock()
	ended, none := d.ended, d.underway == 0
	d.mu.Unlock()
	if none {
		return nil
	}
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// finish waits until no delivery is under way.
func (d *Dispatcher) finish() {
	for {
		d.mu.Lock()
		ended, none := d.ended, d.underway == 0
		d.mu.Unlock()
		if none {
			return
		}
		<-ended
	}
}

func (d *Dispatcher) progress() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.settled
}

// now is in whole milliseconds, as the stores keep moments.
func (d *Dispatcher) now() time.Time { return d.options.Now().UTC().Truncate(time.Millisecond) }

// wait waits, until it is woken or ctx ends.
func wait(ctx context.Context, length time.Duration, woken <-chan struct{}) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-woken:
	}
}
