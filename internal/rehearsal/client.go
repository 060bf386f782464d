package rehearsal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"muster/internal/config"
)

// client speaks to the workspace's control interface, which the sandbox's
// documentation describes.
type client struct {
	url  string
	http *http.Client
}

// requestTimeout is how long, in real time, the workspace may take for one answer: a
// long way of the clock is real work, but a rehearsal must come to an end.
const requestTimeout = 2 * time.Minute

func newClient(address string) *client {
	return &client{url: address + "/sandbox/v1/", http: &http.Client{Transport: &http.Transport{}, Timeout: requestTimeout}}
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

// messages returns those of a channel that viewer sees, or all of them.
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
	reason string
	at     config.Place // what in the file it is about; the zero Place is the step
}

func (r *refusal) Error() string { return r.reason }

// post does something as a person. The error is a [refusal] where it was not taken.
func (c *client) post(ctx context.Context, path string, body any) error {
	done, err := c.act(ctx, path, body)
	if err == nil && !done.OK {
		return &refusal{reason: done.Error + " " + done.Detail}
	}
	return err
}

// submit sends a form as a person; mistakes is what is wrong with it, by block.
func (c *client) submit(ctx context.Context, actor user, m modal, values map[string]map[string]string) (mistakes map[string]string, err error) {
	done, err := c.act(ctx, "submit", map[string]any{"user": actor.ID, "view_id": m.ID, "values": values})
	if err == nil && !done.OK && len(done.Errors) == 0 {
		return nil, &refusal{reason: done.Error + " " + done.Detail}
	}
	return done.Errors, err
}

// actionResult is what became of a deed.
type actionResult struct {
	OK            bool
	Error, Detail string
	Errors        map[string]string // in a form, by block
}

func (c *client) act(ctx context.Context, path string, body any) (actionResult, error) {
	var d actionResult
	raw, err := json.Marshal(body)
	if err != nil {
		return d, fmt.Errorf("encode a request: %w", err)
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
		return &refusal{reason: refused.Error + ": " + refused.Detail}
	}
	if err := json.NewDecoder(response.Body).Decode(v); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", method, path, err)
	}
	return nil
}
