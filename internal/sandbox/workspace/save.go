package workspace

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// format is the version of the workspace's file.
const format = 1

// savedFile is what the file holds; it is replaced as a whole.
type savedFile struct {
	Format int   `json:"format"`
	State  state `json:"state"`
}

// readFile reads the workspace kept in dir, if there is one.
func readFile(dir string) (state, bool, error) {
	if dir == "" {
		return state{}, false, nil
	}
	path := filepath.Join(dir, "workspace.json")
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return state{}, false, nil
	}
	if err != nil {
		return state{}, false, fmt.Errorf("read the workspace: %w", err)
	}
	var doc savedFile
	if err := json.Unmarshal(raw, &doc); err != nil {
		return state{}, false, fmt.Errorf("%s is damaged (remove it to start over): %w", path, err)
	}
	if doc.Format != format {
		return state{}, false, fmt.Errorf("%s has format %d, this program reads format %d", path, doc.Format, format)
	}
	if doc.State.Homes == nil {
		doc.State.Homes = map[string]*View{}
	}
	if doc.State.Read == nil {
		doc.State.Read = map[string]map[string]string{}
	}
	if doc.State.Responses == nil {
		doc.State.Responses = map[string]*responseURL{}
	}
	return doc.State, true, nil
}

// lockDir takes dir for this workspace alone until release is called: two of them
// would replace each other's file.
func lockDir(dir string) (release func() error, err error) {
	if dir == "" {
		return func() error { return nil }, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "workspace.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	if err := lock(f); err != nil {
		err = fmt.Errorf("another sandbox keeps its workspace in %s (%w): stop that one first, or name another directory", dir, err)
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

// writeFile replaces the file in dir in one step: a crash leaves the old or the new.
func writeFile(dir string, raw []byte) error {
	f, err := os.CreateTemp(dir, "workspace-*.tmp")
	if err != nil {
		return fmt.Errorf("write the workspace: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when all went well
	_, err = f.Write(raw)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, "workspace.json"))
	}
	if err != nil {
		return fmt.Errorf("write the workspace: %w", err)
	}
	return nil
}

// Save returns when all that has changed is in the file. What is answered has
// been saved: a bot must not remember a channel that a killed workspace forgets.
// Whoever waits here while another saves is mostly saved by the next one.
func (w *Workspace) Save() error {
	if w.dir == "" {
		return nil
	}
	w.saving.Lock()
	defer w.saving.Unlock()
	w.Lock()
	if !w.dirty {
		w.Unlock()
		return nil
	}
	w.dirty = false
	raw, err := json.Marshal(savedFile{Format: format, State: w.state})
	w.Unlock()
	if err == nil {
		err = writeFile(w.dir, raw)
	}
	if err != nil {
		w.Lock()
		w.dirty = true
		w.Unlock()
	}
	return err
}
