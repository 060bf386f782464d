package workspace

import (
	"errors"
	"sync"
	"time"

	"muster/internal/sandbox/clock"
)

// Workspace is the state of one workspace, and what can be done in it. Whoever
// calls anything but Now, SetLead and Save holds its lock.
type Workspace struct {
	sync.Mutex
	directory
	state

	App      App
	Clock    *clock.Clock
	Views    *views
	Triggers *triggers
	events   *events
	URL      string // of response URLs and permalinks, without a slash at the end

	dir        string            // that keeps the state; "" keeps it in memory only
	release    func() error      // gives the directory back
	saving     sync.Mutex        // one save at a time; taken before the lock
	dirty      bool              // something has changed since the last save
	menuValues map[string]Values // menus people set in messages, by user, channel and ts
	urlsSwept  time.Time         // when expired response URLs were last forgotten
}

// Options say what a workspace keeps, and for whom.
type Options struct {
	Dir     string               // that keeps the workspace; "" keeps it in memory only
	App     App                  // that it has
	Publish func(map[string]any) // gets the events that the app hears of
}

// Open loads or seeds a workspace.
func Open(o Options) (*Workspace, error) {
	release, err := lockDir(o.Dir)
	if err != nil {
		return nil, err
	}
	w := &Workspace{
		directory: directory{Users: allUsers(o.App.Name), Groups: groups}, App: o.App, dir: o.Dir, release: release, dirty: true,
		menuValues: map[string]Values{},
	}
	saved, found, err := readFile(o.Dir)
	if err != nil {
		return nil, errors.Join(err, release())
	}
	w.Clock = clock.New(saved.Offset)
	if !found {
		saved = seedState(w.Now().Unix())
	}
	w.state = saved
	w.Users = append(w.Users, saved.Added...)
	w.Views = &views{state: &w.state, modals: map[string][]*View{}}
	w.Triggers = &triggers{now: w.Now, byID: map[string]*trigger{}}
	w.events = &events{app: o.App, now: w.Now, state: &w.state, publish: o.Publish}
	return w, nil
}

// Now returns the time of the workspace's clock.
func (w *Workspace) Now() time.Time { return w.Clock.Now() }

// SetLead notes by how much the clock leads real time.
func (w *Workspace) SetLead(by time.Duration) {
	w.Lock()
	defer w.Unlock()
	w.Offset = by
	w.dirty = true
}

// Release gives the workspace's directory back without saving.
func (w *Workspace) Release() error { return w.release() }

// Close saves the workspace, and gives its directory back.
func (w *Workspace) Close() error { return errors.Join(w.Save(), w.release()) }

// MarkDirty notes that something has changed.
func (w *Workspace) MarkDirty() { w.dirty = true }

// NewTS returns the ts of something that happens now.
func (w *Workspace) NewTS() string { return w.nextTS(w.Now()) }

// OpenHome opens the app's Home, of which the bot hears.
func (w *Workspace) OpenHome(u *User) {
	w.events.homeOpened(u.ID, w.OpenDM(u.ID), w.Homes[u.ID])
	w.dirty = true
}

// MenusIn returns what a person has picked in a message's menus.
func (w *Workspace) MenusIn(u *User, ch *Channel, m *Message) Values {
	return w.menuValues[menuKey(u, ch, m)].Clone()
}

// SetMenus notes what a person has picked in a message's menus.
func (w *Workspace) SetMenus(u *User, ch *Channel, m *Message, v Values) {
	w.menuValues[menuKey(u, ch, m)] = v
}

// menuKey returns what chosen goes by: a person's menus in a message.
func menuKey(u *User, ch *Channel, m *Message) string { return u.ID + " " + ch.ID + " " + m.TS }
