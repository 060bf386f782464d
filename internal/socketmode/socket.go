package socketmode

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
)

const (
	openWithin  = 10 * time.Second // each of: the call, the connection, the hello
	closeWithin = 250 * time.Millisecond
	maxMessage  = 4 << 20 // bytes that Slack may send at once; a form's state is its largest

	pingEvery  = 5 * time.Second
	doubtAfter = 15 * time.Second // of silence, the next one is opened
	silentFor  = 30 * time.Second // of silence, this one is closed
	readOutFor = 15 * time.Second // after the next one is up; Slack warns some 10 s before
)

// newDialer returns what opens WebSockets. Slack doesn't put a message together that
// comes in several frames, so one of the largest, 20 kB, has to fit into the buffer.
func newDialer() *websocket.Dialer {
	return &websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, NetDialContext: (&net.Dialer{Timeout: openWithin}).DialContext,
		HandshakeTimeout: openWithin, WriteBufferSize: 32 << 10,
	}
}

// socket is one WebSocket that Slack has said hello on.
type socket struct {
	conn  *websocket.Conn
	app   string // whose it is
	among int    // how many the app has, this one included
	begun time.Time

	heard   atomic.Int64  // when anything arrived last, in Unix nanoseconds
	leaving chan struct{} // closed when the next has to be opened
	retired chan struct{} // closed when the next is up
	gone    chan struct{} // closed when nothing is read any more

	leave, retire func() // close them, once

	writing sync.Mutex
	mu      sync.Mutex
	cause   error // why it ends, the first that is known
	asked   bool  // Slack or Muster wanted it to end
}

// openSocket connects to an address of Slack's, and waits for its hello.
func openSocket(ctx context.Context, dialer *websocket.Dialer, url string) (*socket, error) {
	conn, answer, err := dialer.DialContext(ctx, url, nil) //nolint:bodyclose // what the library gives is a copy
	if err != nil {
		if answer != nil {
			err = fmt.Errorf("%w (%s)", err, answer.Status)
		}
		return nil, fmt.Errorf("open a WebSocket: %w", err)
	}
	conn.SetReadLimit(maxMessage)
	_ = conn.SetReadDeadline(time.Now().Add(openWithin)) // fails where reading does
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	hello, err := readHello(conn)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	_ = conn.SetReadDeadline(time.Time{})
	s := &socket{
		conn: conn, app: hello.ConnectionInfo.AppID, among: hello.NumConnections, begun: time.Now(),
		leaving: make(chan struct{}), retired: make(chan struct{}), gone: make(chan struct{}),
	}
	s.leave = sync.OnceFunc(func() { close(s.leaving) })
	s.retire = sync.OnceFunc(func() { close(s.retired) })
	s.alive()
	return s, nil
}

// readHello reads the first message, which is a hello where Slack takes the socket.
func readHello(conn *websocket.Conn) (hello socketmode.Request, err error) {
	_, raw, err := conn.ReadMessage()
	if err != nil {
		return hello, fmt.Errorf("%w: %w", errNoHello, broken(err))
	}
	if err := json.Unmarshal(raw, &hello); err != nil {
		return hello, fmt.Errorf("%w: %w", errNoHello, err)
	}
	switch hello.Type {
	case socketmode.RequestTypeHello:
		return hello, nil
	case socketmode.RequestTypeDisconnect:
		return hello, disconnected(hello.Reason)
	}
	return hello, fmt.Errorf("%w, but %q", errNoHello, hello.Type)
}

// alive notes a sign of life.
func (s *socket) alive() { s.heard.Store(time.Now().UnixNano()) }

// silence returns for how long nothing was heard.
func (s *socket) silence() time.Duration { return time.Since(time.Unix(0, s.heard.Load())) }

// read hands each message to take, until the socket ends.
func (s *socket) read(take func(raw []byte)) {
	defer close(s.gone)
	pong := s.conn.PingHandler()
	s.conn.SetPingHandler(func(data string) error {
		s.alive()
		return pong(data)
	})
	s.conn.SetPongHandler(func(string) error {
		s.alive()
		return nil
	})
	for {
		_, raw, err := s.conn.ReadMessage()
		if err != nil {
			s.end(broken(err), false)
			return
		}
		s.alive()
		take(raw)
	}
}

// watch pings the socket, and ends it when it is silent or was read out.
func (s *socket) watch() {
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()
	retired, readOut := s.retired, make(<-chan time.Time)
	for {
		select {
		case <-s.gone:
			return
		case <-retired:
			retired, readOut = nil, time.After(readOutFor)
			if s.silence() >= doubtAfter {
				s.close() // whatever Slack still sends here is lost
			}
		case <-readOut:
			s.close()
		case <-pings.C:
			_ = s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(pingEvery)) // fails where reading does
			switch quiet := s.silence(); {
			case quiet >= silentFor:
				s.end(errSilent, false)
			case quiet >= doubtAfter:
				s.because(errSilent, false)
				s.leave()
			}
		}
	}
}

// write sends a message until a moment. A socket that fails at it is broken: part of
// the message may be on its way.
func (s *socket) write(raw []byte, until time.Time) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	_ = s.conn.SetWriteDeadline(until)
	if err := s.conn.WriteMessage(websocket.TextMessage, raw); err != nil {
		s.end(fmt.Errorf("the connection takes nothing: %w", err), false)
		return err
	}
	return nil
}

// end breaks the socket off, for a cause that Slack or Muster asked for, or not.
func (s *socket) end(cause error, asked bool) {
	s.because(cause, asked)
	_ = s.conn.Close()
}

// because notes why the socket ends; the first cause is the one.
func (s *socket) because(cause error, asked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cause == nil {
		s.cause, s.asked = cause, asked
	}
}

// why returns whether the end was asked for, and what caused it.
func (s *socket) why() (asked bool, cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked, s.cause
}

// close ends the socket politely, so that what was written last still arrives.
func (s *socket) close() {
	s.because(errClosed, true)
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = s.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(closeWithin))
	select {
	case <-s.gone:
	case <-time.After(closeWithin):
	}
	_ = s.conn.Close()
}
