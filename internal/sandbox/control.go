package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"go.uber.org/zap"

	"muster/internal/sandbox/page"
)

// problem is a control request that cannot be done; Detail says what would be right.
type problem struct {
	Status int
	Code   string
	Detail string
}

func (p *problem) Error() string { return p.Code + ": " + p.Detail }

func wrongf(code, format string, args ...any) error {
	return &problem{http.StatusBadRequest, code, fmt.Sprintf(format, args...)}
}

func missingf(code, format string, args ...any) error {
	return &problem{http.StatusNotFound, code, fmt.Sprintf(format, args...)}
}

func forbidf(code, format string, args ...any) error {
	return &problem{http.StatusForbidden, code, fmt.Sprintf(format, args...)}
}

// routes returns everything that the listener answers.
func (w *Workspace) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.serveAPI)
	mux.HandleFunc("GET /link/", w.hub.serve)
	mux.HandleFunc("POST /response/{id}", w.serveResponseURL)
	for path, show := range map[string]getter{
		"state": w.getState, "messages": w.getMessages, "traffic": w.getTraffic,
		"wait": w.getWait, "clock": w.getClock, "faults": w.getFaults,
	} {
		mux.HandleFunc("GET /sandbox/v1/"+path, w.get(show))
	}
	for path, deed := range map[string]http.HandlerFunc{
		"clock": post(w, w.moveClock), "command": post(w, w.runCommand), "click": post(w, w.click),
		"submit": post(w, w.submit), "close": post(w, w.closeView), "shortcut": post(w, w.useShortcut),
		"message": post(w, w.sendMessage), "reaction": post(w, w.markReaction), "pin": post(w, w.markPin),
		"home": post(w, w.openHome), "join": post(w, w.joinChannel), "invite": post(w, w.inviteUser),
		"create": post(w, w.createChannel), "archive": post(w, w.archiveChannel), "rename": post(w, w.renameChannel),
		"faults": post(w, w.addFault), "read": post(w, w.markRead),
	} {
		mux.HandleFunc("POST /sandbox/v1/"+path, deed)
	}
	mux.HandleFunc("DELETE /sandbox/v1/faults", w.get(w.clearFaults))
	mux.HandleFunc("DELETE /sandbox/v1/faults/{id}", w.get(w.clearFaults))
	mux.HandleFunc("/sandbox/v1/", func(rw http.ResponseWriter, r *http.Request) {
		w.writeProblem(rw, missingf("unknown_request", "no such request: %s %s", r.Method, r.URL.Path))
	})
	mux.Handle("GET /page/", withPageHeaders(http.StripPrefix("/page/", http.FileServerFS(page.Files()))))
	mux.Handle("GET /{$}", withPageHeaders(http.HandlerFunc(w.servePage)))
	mux.Handle("GET /{place}", withPageHeaders(http.HandlerFunc(w.servePage)))
	return guard(mux)
}

// guard keeps other web pages that this machine's browser shows away from the
// sandbox: neither a foreign origin nor a foreign host name gets in.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(r.Host); err == nil {
			host = h
		}
		ip := net.ParseIP(strings.Trim(host, "[]"))
		local := host == "localhost" || ip != nil && ip.IsLoopback()
		origin := r.Header.Get("Origin")
		socket := strings.HasPrefix(r.URL.Path, "/link/") // has tickets of its own
		if !local || !socket && origin != "" && origin != "http://"+r.Host {
			http.Error(rw, "the sandbox answers this machine only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(rw, r)
	})
}

type getter func(r *http.Request) (any, error)

func (w *Workspace) get(f getter) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		v, err := f(r)
		if err != nil {
			w.writeProblem(rw, err)
			return
		}
		writeJSON(rw, http.StatusOK, v)
	}
}

// post turns a deed into an HTTP handler: its body is read strictly, so that a
// misspelt field is told and not ignored.
func post[T any](w *Workspace, deed func(context.Context, T) (object, error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		var given T
		d := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxBody))
		d.DisallowUnknownFields()
		if err := d.Decode(&given); err != nil && !errors.Is(err, io.EOF) {
			w.writeProblem(rw, wrongf("bad_request", "can't read the request body: %v", err))
			return
		}
		answer, err := deed(r.Context(), given)
		err = errors.Join(err, w.save())
		w.journal.noteChange()
		if err != nil {
			w.writeProblem(rw, err)
			return
		}
		writeJSON(rw, http.StatusOK, answer)
	}
}

func (w *Workspace) writeProblem(rw http.ResponseWriter, err error) {
	p := &problem{Status: http.StatusInternalServerError, Code: "internal_error", Detail: err.Error()}
	if !errors.As(err, &p) {
		w.log.Error("sandbox request failed", zap.Error(err))
	}
	writeJSON(rw, p.Status, object{"ok": false, "error": p.Code, "detail": p.Detail})
}

// failedAnswer returns the answer to a deed that reached the bot and failed there.
func failedAnswer(err error, ms float64) object {
	return object{"ok": false, "error": err.Error(), "ack_ms": ms}
}

// findUser finds a user by ID, handle or @handle.
func (w *Workspace) findUser(name string) *User {
	name = strings.TrimPrefix(name, "@")
	for i := range w.users {
		if u := &w.users[i]; u.ID == name || u.Name == name {
			return u
		}
	}
	return nil
}

// actor finds the person who does something.
func (w *Workspace) actor(name string) (*User, error) {
	u := w.findUser(name)
	switch {
	case name == "":
		return nil, wrongf("no_user", "add who does it, by ID or handle: \"user\": \"oncall\"")
	case u == nil:
		return nil, missingf("user_not_found", "no user %q; GET /sandbox/v1/state lists them", name)
	case u.IsBot:
		return nil, wrongf("user_is_bot", "%q is the bot; only people can act here", name)
	}
	return u, nil
}

// findChannel finds a channel by ID, name or #name.
func (w *Workspace) findChannel(name string) *Channel {
	if ch := w.state.channel(name); ch != nil {
		return ch
	}
	return w.state.channelNamed(strings.TrimPrefix(name, "#"))
}

// actableChannel finds a channel in which a person can act. A user in place of a channel
// means that user's direct message with the bot.
func (w *Workspace) actableChannel(u *User, name string) (*Channel, error) {
	ch, err := w.visibleChannel(u, name)
	switch {
	case err != nil:
		return nil, err
	case !ch.hasMember(u.ID):
		return nil, forbidf("not_in_channel", "%s isn't in #%s; POST /sandbox/v1/join first", u.Name, ch.Name)
	case ch.Archived:
		return nil, wrongf("is_archived", "#%s is archived", ch.Name)
	}
	return ch, nil
}

// writableChannel finds a channel in which a person can type.
func (w *Workspace) writableChannel(u *User, name string) (*Channel, error) {
	ch, err := w.actableChannel(u, name)
	if err == nil && ch.IM != "" && w.app.Messages != tabOpen {
		return nil, forbidf("messages_tab_"+string(w.app.Messages),
			"messages to this app are turned off in its manifest, under app_home")
	}
	return ch, err
}

func (w *Workspace) visibleChannel(u *User, name string) (*Channel, error) {
	if name == "" {
		return nil, wrongf("no_channel", "add the channel, by ID or name: \"channel\": \"#incidents\"")
	}
	ch := w.findChannel(name)
	if ch == nil {
		if p := w.findUser(name); p != nil {
			ch = w.openDM(u.ID)
			w.dirty = true
		}
	}
	if ch == nil {
		return nil, missingf("channel_not_found", "no channel %q; GET /sandbox/v1/state lists them", name)
	}
	if !ch.visibleTo(u.ID) {
		return nil, forbidf("not_in_channel", "%s isn't in that private channel", u.Name)
	}
	return ch, nil
}
