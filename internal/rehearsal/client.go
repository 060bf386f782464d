package rehearsal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"muster/internal/yamlfile"
)

// client speaks to the workspace's control interface, which the sandbox's
// documentation describes.
type client struct {
	url  string
	http *http.Client
}

// patience is how long, in real time, the workspace may take for one answer: a
// long way of the clock is real work, but a rehearsal must come to an end.
const patience = 2 * time.Minute

func dial(address string) *client {
	return &client{url: address + "/sandbox/v1/", http: &http.Client{Transport: &http.Transport{}, Timeout: patience}}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// state is what a rehearsal has to know of the workspace.
type state struct {
	Version  int64     `json:"version"`
	Now      time.Time `json:"now"`
	Users    []user    `json:"users"`
	Groups   []group   `json:"usergroups"`
	Channels []channel `json:"channels"`
	Sockets  int       `json:"sockets"`
	Bot      struct {
		User string `json:"user_id"`
	} `json:"bot"`
	Views []struct {
		User string `json:"user"`
		Type string `json:"type"`
		View modal  `json:"view"`
	} `json:"views"`
}

type user struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	RealName string `json:"real_name"`
}

type group struct {
	ID     string   `json:"id"`
	Handle string   `json:"handle"`
	Users  []string `json:"users"`
}

type channel struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Direct  bool     `json:"is_im"`
	Private bool     `json:"is_private"`
	With    string   `json:"user"` // whose direct messages these are
	Creator string   `json:"creator"`
	Members []string `json:"members"`
}

func (c *client) state(ctx context.Context) (state, error) {
	var s state
	err := c.get(ctx, &s, "state", nil)
	return s, err
}

// messages are those of a channel that viewer sees, or all of them.
func (c *client) messages(ctx context.Context, channel, viewer string) ([]message, error) {
	query := url.Values{"channel": {channel}}
	if viewer != "" {
		query.Set("viewer", viewer)
	}
	var v struct{ Messages []message }
	err := c.get(ctx, &v, "messages", query)
	return v.Messages, err
}

// wait returns when something has changed after a version, or limit is over.
func (c *client) wait(ctx context.Context, after int64, limit time.Duration) error {
	return c.get(ctx, &struct{}{}, "wait", url.Values{"after": {fmt.Sprint(after)}, "timeout": {limit.String()}})
}

// advance moves the clock; it returns when all that came due has been handled
// and delivered.
func (c *client) advance(ctx context.Context, d time.Duration) error {
	return c.post(ctx, "clock", map[string]string{"advance": d.String()})
}

// refusal is a deed that the workspace, or Muster behind it, did not take.
type refusal struct {
	why string
	at  yamlfile.Place // what in the file it is about; the zero Place is the step
}

func (r *refusal) Error() string { return r.why }

// post does something as a person. The error is a [refusal] where it was not taken.
func (c *client) post(ctx context.Context, path string, body any) error {
	done, err := c.deed(ctx, path, body)
	if err == nil && !done.OK {
		return &refusal{why: done.Error + " " + done.Detail}
	}
	return err
}

// submit sends a form as a person; mistakes is what is wrong with it, by block.
func (c *client) submit(ctx context.Context, who user, m modal, values map[string]map[string]string) (mistakes map[string]string, err error) {
	done, err := c.deed(ctx, "submit", map[string]any{"user": who.ID, "view_id": m.ID, "values": values})
	if err == nil && !done.OK && len(done.Errors) == 0 {
		return nil, &refusal{why: done.Error + " " + done.Detail}
	}
	return done.Errors, err
}

// done is what became of a deed.
type done struct {
	OK            bool
	Error, Detail string
	Errors        map[string]string // in a form, by block
}

func (c *client) deed(ctx context.Context, path string, body any) (done, error) {
	var d done
	raw, err := json.Marshal(body)
	if err != nil {
		return d, fmt.Errorf("encode a deed: %w", err)
	}
	return d, c.exchange(ctx, &d, http.MethodPost, path, raw)
}

func (c *client) get(ctx context.Context, v any, path string, query url.Values) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.exchange(ctx, v, http.MethodGet, path, nil)
}

func (c *client) exchange(ctx context.Context, v any, method, path string, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask the workspace: %w", err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("ask the workspace: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusInternalServerError {
		var failure struct{ Detail string }
		_ = json.NewDecoder(response.Body).Decode(&failure) // what cannot be read leaves the status
		return fmt.Errorf("%s %s: %s: %s", method, path, response.Status, failure.Detail)
	}
	if response.StatusCode != http.StatusOK {
		var refused struct{ Error, Detail string }
		_ = json.NewDecoder(response.Body).Decode(&refused) // what cannot be read leaves the status
		return &refusal{why: refused.Error + ": " + refused.Detail}
	}
	if err := json.NewDecoder(response.Body).Decode(v); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", method, path, err)
	}
	return nil
}
