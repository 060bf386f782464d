package sandbox

import (
	"errors"
	"sync"
	"time"
)

// Workspace is the state of one workspace, and what can be done in it. Whoever
// calls anything but Now, SetLead and Save holds its lock.
type Workspace struct {
	sync.Mutex
	directory
	state

	app      app
	clock    *clock
	views    *views
	triggers *triggers
	events   *events
	baseURL  string // of response URLs and permalinks, without a slash at the end

	dir        string            // that keeps the state; "" keeps it in memory only
	release    func() error      // gives the directory back
	saving     sync.Mutex        // one save at a time; taken before the lock
	dirty      bool              // something has changed since the last save
	menuValues map[string]values // menus people set in messages, by user, channel and ts
	urlsSwept  time.Time         // when expired response URLs were last forgotten
}

// newWorkspace loads or seeds the workspace that dir keeps, for one app. What
// happens in it is published as events.
func newWorkspace(dir string, a app, publish func(object)) (*Workspace, error) {
	release, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	w := &Workspace{
		directory: directory{users: allUsers(a.Name), groups: groups}, app: a, dir: dir, release: release, dirty: true,
		menuValues: map[string]values{},
	}
	saved, found, err := readFile(dir)
	if err != nil {
		return nil, errors.Join(err, release())
	}
	w.clock = &clock{lead: saved.Offset}
	if !found {
		saved = seedState(w.Now().Unix())
	}
	w.state = saved
	w.views = &views{state: &w.state, modals: map[string][]*View{}}
	w.triggers = &triggers{now: w.Now, byID: map[string]*trigger{}}
	w.events = &events{app: a, now: w.Now, state: &w.state, publish: publish}
	return w, nil
}

// Now returns the time of the workspace's clock.
func (w *Workspace) Now() time.Time { return w.clock.Now() }

// SetLead notes by how much the clock leads real time.
func (w *Workspace) SetLead(by time.Duration) {
	w.Lock()
	defer w.Unlock()
	w.Offset = by
	w.dirty = true
}

// Close saves the workspace, and gives its directory back.
func (w *Workspace) Close() error { return errors.Join(w.Save(), w.release()) }

// markDirty notes that something has changed.
func (w *Workspace) markDirty() { w.dirty = true }

// newTS returns the ts of something that happens now.
func (w *Workspace) newTS() string { return w.nextTS(w.Now()) }

// openHome opens the app's Home, of which the bot hears.
func (w *Workspace) openHome(u *User) {
	w.events.homeOpened(u.ID, w.openDM(u.ID), w.Homes[u.ID])
	w.dirty = true
}

// menusIn returns what a person has picked in a message's menus.
func (w *Workspace) menusIn(u *User, ch *Channel, m *Message) values {
	return w.menuValues[menuKey(u, ch, m)].clone()
}

// setMenus notes what a person has picked in a message's menus.
func (w *Workspace) setMenus(u *User, ch *Channel, m *Message, v values) {
	w.menuValues[menuKey(u, ch, m)] = v
}

// menuKey returns what chosen goes by: a person's menus in a message.
func menuKey(u *User, ch *Channel, m *Message) string { return u.ID + " " + ch.ID + " " + m.TS }
