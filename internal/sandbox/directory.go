package sandbox

import "strings"

// directory is who is in the workspace.
type directory struct {
	users  []User
	groups []Group
}

// findUser finds a user by ID, handle or @handle.
func (d *directory) findUser(name string) *User {
	name = strings.TrimPrefix(name, "@")
	for i := range d.users {
		if u := &d.users[i]; u.ID == name || u.Name == name {
			return u
		}
	}
	return nil
}

// user finds a member by ID; a person's handle is for the control interface only.
func (d *directory) user(id string) *User {
	for i := range d.users {
		if d.users[i].ID == id {
			return &d.users[i]
		}
	}
	return nil
}

func (d *directory) group(id string) *Group {
	for i := range d.groups {
		if d.groups[i].ID == id {
			return &d.groups[i]
		}
	}
	return nil
}
