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

// routes is everything that the listener answers.
func (w *Workspace) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.serveAPI)
	mux.HandleFunc("GET /link/", w.hub.serve)
	mux.HandleFunc("POST /response/{id}", w.serveResponse)
	for path, show := range map[string]shower{
		"state": w.showState, "messages": w.showMessages, "traffic": w.showTraffic,
		"wait": w.showWait, "clock": w.showClock, "faults": w.showFaults,
	} {
		mux.HandleFunc("GET /sandbox/v1/"+path, w.show(show))
	}
	for path, deed := range map[string]http.HandlerFunc{
		"clock": do(w, w.moveClock), "command": do(w, w.typeCommand), "click": do(w, w.click),
		"submit": do(w, w.submit), "close": do(w, w.closeView), "shortcut": do(w, w.callShortcut),
		"message": do(w, w.typeMessage), "reaction": do(w, w.markReaction), "pin": do(w, w.markPin),
		"home": do(w, w.openHome), "join": do(w, w.joinPerson), "invite": do(w, w.invitePerson),
		"create": do(w, w.createRoom), "archive": do(w, w.archiveRoom), "rename": do(w, w.renameRoom),
		"faults": do(w, w.orderFault), "read": do(w, w.markRead),
	} {
		mux.HandleFunc("POST /sandbox/v1/"+path, deed)
	}
	mux.HandleFunc("DELETE /sandbox/v1/faults", w.show(w.clearFaults))
	mux.HandleFunc("DELETE /sandbox/v1/faults/{id}", w.show(w.clearFaults))
	mux.HandleFunc("/sandbox/v1/", func(rw http.ResponseWriter, r *http.Request) {
		w.complain(rw, missingf("unknown_request", "there is no %s %s", r.Method, r.URL.Path))
	})
	mux.Handle("GET /page/", headed(http.StripPrefix("/page/", http.FileServerFS(page.Files()))))
	mux.Handle("GET /{$}", headed(http.HandlerFunc(w.servePage)))
	mux.Handle("GET /{place}", headed(http.HandlerFunc(w.servePage)))
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

type shower func(r *http.Request) (any, error)

func (w *Workspace) show(f shower) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		v, err := f(r)
		if err != nil {
			w.complain(rw, err)
			return
		}
		writeJSON(rw, http.StatusOK, v)
	}
}

// do turns a deed into an HTTP handler: its body is read strictly, so that a
// misspelt field is told and not ignored.
func do[T any](w *Workspace, deed func(context.Context, T) (object, error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		var given T
		d := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxBody))
		d.DisallowUnknownFields()
		if err := d.Decode(&given); err != nil && !errors.Is(err, io.EOF) {
			w.complain(rw, wrongf("bad_request", "the body is not what this request takes: %v", err))
			return
		}
		answer, err := deed(r.Context(), given)
		err = errors.Join(err, w.save())
		w.journal.touch()
		if err != nil {
			w.complain(rw, err)
			return
		}
		writeJSON(rw, http.StatusOK, answer)
	}
}

func (w *Workspace) complain(rw http.ResponseWriter, err error) {
	p := &problem{Status: http.StatusInternalServerError, Code: "internal_error", Detail: err.Error()}
	if !errors.As(err, &p) {
		w.log.Error("sandbox request failed", zap.Error(err))
	}
	writeJSON(rw, p.Status, object{"ok": false, "error": p.Code, "detail": p.Detail})
}

// failed is the answer to a deed that reached the bot and failed there.
func failed(err error, ms float64) object {
	return object{"ok": false, "error": err.Error(), "ack_ms": ms}
}

// person finds a user by ID, handle or @handle.
func (w *Workspace) person(name string) *User {
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
	u := w.person(name)
	switch {
	case name == "":
		return nil, wrongf("no_user", "name who does it, by ID or handle, such as \"user\": \"oncall\"")
	case u == nil:
		return nil, missingf("user_not_found", "no user %q; GET /sandbox/v1/state lists them", name)
	case u.IsBot:
		return nil, wrongf("user_is_bot", "%q is the bot; people act here", name)
	}
	return u, nil
}

// room finds a channel by ID, name or #name.
func (w *Workspace) room(name string) *Channel {
	if ch := w.state.channel(name); ch != nil {
		return ch
	}
	return w.state.named(strings.TrimPrefix(name, "#"))
}

// place finds a channel in which a person can act. A user in place of a channel
// means that user's direct message with the bot.
func (w *Workspace) place(u *User, name string) (*Channel, error) {
	ch, err := w.visible(u, name)
	switch {
	case err != nil:
		return nil, err
	case !ch.has(u.ID):
		return nil, forbidf("not_in_channel", "%s is not in #%s; POST /sandbox/v1/join first", u.Name, ch.Name)
	case ch.Archived:
		return nil, wrongf("is_archived", "#%s is archived", ch.Name)
	}
	return ch, nil
}

// composer finds a channel in which a person can type.
func (w *Workspace) composer(u *User, name string) (*Channel, error) {
	ch, err := w.place(u, name)
	if err == nil && ch.IM != "" && w.app.Messages != tabOpen {
		return nil, forbidf("messages_tab_"+string(w.app.Messages),
			"sending messages to this app is turned off: its manifest's app_home says so")
	}
	return ch, err
}

func (w *Workspace) visible(u *User, name string) (*Channel, error) {
	if name == "" {
		return nil, wrongf("no_channel", "name the channel, by ID or name, such as \"channel\": \"#incidents\"")
	}
	ch := w.room(name)
	if ch == nil {
		if p := w.person(name); p != nil {
			ch = w.direct(u.ID)
			w.dirty = true
		}
	}
	if ch == nil {
		return nil, missingf("channel_not_found", "no channel %q; GET /sandbox/v1/state lists them", name)
	}
	if !ch.seenBy(u.ID) {
		return nil, forbidf("not_in_channel", "%s is not in that private channel", u.Name)
	}
	return ch, nil
}
