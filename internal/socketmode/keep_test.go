package socketmode

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/zap/zapcore"
)

// watch looks every 100 ms for a while, and returns the share of looks at which a
// socket was up. then runs before each.
func (f *fakeSlack) watch(d time.Duration, then func(n int)) float64 {
	looks, up := 0, 0
	for begun := time.Now(); time.Since(begun) < d; looks++ {
		time.Sleep(100 * time.Millisecond) // of the bubble's time
		synctest.Wait()
		if len(f.sockets()) > 0 {
			up++
		}
		then(looks)
	}
	return float64(up) / float64(looks)
}

func nothing(int) {}

func TestClient_Connected_KeepsTwoSockets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		c, _ := f.connect(ignore)
		f.watch(time.Hour, nothing) // without a ping of Slack's, and with answers to Muster's
		if n := f.openings(); n != 2 {
			t.Errorf("%d sockets were opened in an hour, want 2", n)
		}
		if err := c.Connected(); err != nil {
			t.Error(err)
		}
	})
}

// Where the app has many sockets already, a process leaves room for others.
func TestClient_ManyReplicas_MakesDoWithOneSocket(t *testing.T) {
	t.Parallel()
	for others, want := range map[int]int{4: 2, 5: 2, 6: 1, 9: 1} {
		synctest.Test(t, func(t *testing.T) {
			f := newFakeSlack(t)
			f.others = others
			f.connect(ignore)
			f.watch(20*time.Second, nothing) // the second is read out meanwhile
			if n := len(f.sockets()); n != want {
				t.Errorf("beside %d sockets it keeps %d, want %d", others, n, want)
			}
		})
	}
}

// Each of the two is cut whenever it is up.
func TestClient_CutAgainAndAgain_ReconnectsSoon(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		cut  int // of the sockets that are up, every half second
		want float64
	}{{"one", 1, 0.2}, {"all", 10, 0.15}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFakeSlack(t)
				f.connect(ignore)
				const minutes = 10
				share := f.watch(minutes*time.Minute, func(n int) {
					if n%5 != 0 {
						return
					}
					for i, conn := range f.sockets() {
						if i < tt.cut {
							_ = conn.NetConn().Close()
						}
					}
				})
				t.Logf("connected %.0f %% of the time, %d openings", 100*share, f.openings())
				if share < tt.want {
					t.Errorf("connected %.0f %% of the time, want %.0f %%", 100*share, 100*tt.want)
				}
				if n := f.openings(); n > 50*minutes {
					t.Errorf("%d openings in %d minutes; Slack allows 50 a minute", n, minutes)
				}
			})
		})
	}
}

// After a few good seconds it is opened again at once, however often it was lost before.
func TestClient_CutAfterAWhile_ReconnectsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		c, _ := f.connect(ignore)
		f.watch(time.Second, nothing)
		for range 20 {
			for _, conn := range f.sockets() {
				_ = conn.NetConn().Close()
			}
			synctest.Wait()
			if c.Connected() == nil {
				t.Fatal("it is connected though both were cut")
			}
			f.watch(500*time.Millisecond, nothing)
			if n := len(f.sockets()); n != 2 {
				t.Fatalf("%d sockets half a second later", n)
			}
			f.watch(6*time.Second, nothing)
		}
	})
}

// Slack answers every connection with "disconnect". The waits double, also where
// Slack asks for it.
func TestClient_DisconnectStorm_SpacesOutConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		f.talk = func(conn *websocket.Conn) {
			sendDisconnect(conn, "refresh_requested")
			_ = conn.Close()
		}
		f.connect(ignore)
		f.watch(time.Minute, nothing)
		if n := f.openings(); n < 30 || n > 80 {
			t.Errorf("%d openings in a minute", n)
		}
	})
}

// The next socket is opened before the old one goes, which is read until then, and
// answered.
func TestClient_Refreshed_OpensNextFirst(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"warning", "refresh_requested"} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFakeSlack(t)
				var answered sync.Map
				f.acked = func(conn *websocket.Conn, ack map[string]any) { answered.Store(ack["envelope_id"], conn) }
				f.connect(ignore)
				f.watch(10*time.Second, nothing)
				old := f.sockets()
				for _, conn := range old {
					sendDisconnect(conn, reason)
				}
				f.watch(time.Second, nothing)
				if n := len(f.sockets()); n != 4 {
					t.Errorf("%d sockets a second after the %s, want the old two and the new two", n, reason)
				}
				for i, conn := range old {
					send(conn, fmt.Sprint("E", i))
				}
				synctest.Wait()
				for i, conn := range old {
					if on, _ := answered.Load(fmt.Sprint("E", i)); on != conn {
						t.Errorf("envelope %d was answered on %p, want %p", i, on, conn)
					}
				}
				f.watch(20*time.Second, nothing)
				if n := len(f.sockets()); n != 2 || f.openings() != 4 {
					t.Errorf("in the end %d sockets, after %d openings", n, f.openings())
				}
				if lost := f.log.FilterLevelExact(zapcore.WarnLevel).All(); len(lost) > 0 {
					t.Errorf("a refresh is logged as a loss: %v", lost)
				}
			})
		})
	}
}

// Something between swallows pings and pongs alike. What it cannot tell from a dead
// socket Muster replaces, before it lets it go: no envelope is lost.
func TestClient_PingsSwallowed_StaysReachable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		f.quiet = true
		var answered atomic.Int64
		f.acked = func(*websocket.Conn, map[string]any) { answered.Add(1) }
		f.connect(ignore)
		f.watch(time.Second, nothing)
		const minutes = 5
		share := f.watch(minutes*time.Minute, func(n int) {
			if n%300 == 0 { // rarely, so that it is silent in between
				for _, conn := range f.sockets()[:1] {
					send(conn, fmt.Sprint("E", n))
				}
			}
		})
		if share < 1 {
			t.Errorf("connected %.1f %% of the time", 100*share)
		}
		if n := answered.Load(); n != 2*minutes {
			t.Errorf("%d of %d envelopes were answered", n, 2*minutes)
		}
		if n := f.openings(); n > 10*minutes {
			t.Errorf("%d openings in %d minutes", n, minutes)
		}
		for _, e := range f.log.FilterLevelExact(zapcore.WarnLevel).All() {
			if said := fmt.Sprint(e.ContextMap()["error"]); said != errSilent.Error() {
				t.Errorf("it is said to end because: %s", said)
			}
		}
	})
}

// The socket that brought an envelope is gone when it is decided.
func TestClient_SocketGoneWhileHandling_AcknowledgesOnTheOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		acked := make(chan any, 1)
		f.acked = func(_ *websocket.Conn, ack map[string]any) { acked <- ack["envelope_id"] }
		entered, leave := make(chan struct{}), make(chan struct{})
		f.connect(func(context.Context, socketmode.Event) (any, func(context.Context)) {
			close(entered)
			<-leave
			return nil, nil
		})
		f.watch(time.Second, nothing)
		conn := f.sockets()[0]
		send(conn, "E1")
		<-entered
		_ = conn.NetConn().Close()
		synctest.Wait()
		close(leave)
		if got := <-acked; got != "E1" {
			t.Errorf("acknowledged %v", got)
		}
	})
}

// Each loss is one line: why, and after how long.
func TestClient_Lost_SaysWhyOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		end   func(*websocket.Conn)
		cause string
	}{
		"cut":          {func(conn *websocket.Conn) { _ = conn.NetConn().Close() }, "broke without a word"},
		"closed":       {func(conn *websocket.Conn) { closes(conn, 1011, "out of order") }, "the other end closed it: 1011 out of order"},
		"turned off":   {func(conn *websocket.Conn) { sendDisconnect(conn, "link_disabled") }, "Socket Mode is turned off"},
		"too many":     {func(conn *websocket.Conn) { sendDisconnect(conn, "too_many_websockets") }, "10 sockets already"},
		"a new reason": {func(conn *websocket.Conn) { sendDisconnect(conn, "moon_phase") }, "Slack ended it (moon_phase)"},
		"out of shape": {func(conn *websocket.Conn) { _, _ = conn.NetConn().Write([]byte{0xff, 0xff}) }, "the connection failed: websocket"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFakeSlack(t)
				f.connect(ignore)
				f.watch(90*time.Second, nothing)
				tt.end(f.sockets()[0])
				f.watch(time.Second, nothing)
				lost := f.log.FilterMessage("connection to Slack ended").All()
				if len(lost) != 1 {
					t.Fatalf("%d lines: %v", len(lost), lost)
				}
				said := lost[0].ContextMap()
				if !strings.Contains(fmt.Sprint(said["error"]), tt.cause) || said["after"] != 90*time.Second || said["left"] != int64(1) {
					t.Errorf("it says %v", said)
				}
			})
		})
	}
}

func closes(conn *websocket.Conn, code int, text string) {
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
}

func TestClient_OpeningsRefused_WaitsAsSlackSays(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		open        func(http.ResponseWriter) bool
		least, most int // openings in ten minutes
	}{
		"with a limit":   {limited, 10, 11},
		"without reason": {unavailable, 20, 35},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFakeSlack(t)
				f.open = tt.open
				c, _ := f.connect(ignore)
				f.watch(10*time.Minute, nothing)
				if n := f.openings(); n < tt.least || n > tt.most {
					t.Errorf("%d openings in ten minutes, want %d to %d", n, tt.least, tt.most)
				}
				if err := c.Connected(); err == nil || !strings.HasPrefix(err.Error(), "no connection to Slack for 10m0s: apps.connections.open: ") {
					t.Errorf("it says: %v", err)
				}
			})
		})
	}
}

func limited(w http.ResponseWriter) bool {
	w.Header().Set("Retry-After", "60")
	w.WriteHeader(http.StatusTooManyRequests)
	return true
}

func unavailable(w http.ResponseWriter) bool {
	w.WriteHeader(http.StatusServiceUnavailable)
	return true
}

// At the start a refused app token ends the program, with what to do.
func TestClient_TokenRefusedAtStart_Fails(t *testing.T) {
	t.Parallel()
	for _, code := range refusedToken {
		synctest.Test(t, func(t *testing.T) {
			f := newFakeSlack(t)
			f.open = refuse(code)
			err := f.client(ignore).Run(t.Context())
			if err == nil || !strings.Contains(err.Error(), code) || !strings.Contains(err.Error(), "App-Level Token") {
				t.Errorf("%s: %v", code, err)
			}
		})
	}
}

// Later it may be put right.
func TestClient_TokenRefusedLater_GoesOnAndSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFakeSlack(t)
		var revoked atomic.Bool
		f.open = func(w http.ResponseWriter) bool { return revoked.Load() && refuse("token_revoked")(w) }
		c, _ := f.connect(ignore)
		f.watch(time.Second, nothing)
		revoked.Store(true)
		for _, conn := range f.sockets() {
			_ = conn.Close()
		}
		f.watch(5*time.Minute, nothing)
		if err := c.Connected(); err == nil || !strings.Contains(err.Error(), "app token rejected by Slack: token_revoked") {
			t.Errorf("it says: %v", err)
		}
		revoked.Store(false)
		f.watch(time.Minute, nothing)
		if err := c.Connected(); err != nil {
			t.Error(err)
		}
	})
}
