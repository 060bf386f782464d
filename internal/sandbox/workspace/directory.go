package workspace

import "strings"

// directory is who is in the workspace.
type directory struct {
	Users  []User
	Groups []Group
}

// FindUser finds a user by ID, handle or @handle.
func (d *directory) FindUser(name string) *User {
	name = strings.TrimPrefix(name, "@")
	for i := range d.Users {
		if u := &d.Users[i]; u.ID == name || u.Name == name {
			return u
		}
	}
	return nil
}

// User finds a member by ID; a person's handle is for the control interface only.
func (d *directory) User(id string) *User {
	for i := range d.Users {
		if d.Users[i].ID == id {
			return &d.Users[i]
		}
	}
	return nil
}

// Group returns the user group of that ID, or nil.
func (d *directory) Group(id string) *Group {
	for i := range d.Groups {
		if d.Groups[i].ID == id {
			return &d.Groups[i]
		}
	}
	return nil
}

// AddUser adds somebody to the workspace.
func (w *Workspace) AddUser(u User) *User {
	u.ID = w.NewID("U")
	w.Added = append(w.Added, u)
	w.Users = append(w.Users, u)
	w.dirty = true
	return w.User(u.ID)
}
