package redis

import (
	"context"
	"fmt"
	"net"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/store/redis/redistest"
	"muster/store/storetest"
)

func TestParse(t *testing.T) {
	for url, want := range map[string]address{
		"redis://localhost:6379":        {hosts: []string{"localhost:6379"}},
		"redis://localhost/3":           {hosts: []string{"localhost"}, path: "3", db: 3},
		"rediss://u:p%40ss@h:1?db=2":    {tls: true, user: "u", password: "p@ss", hosts: []string{"h:1"}, db: 2},
		"redis://:p@ss@h:1":             {password: "p@ss", hosts: []string{"h:1"}},
		"redis+sentinel://a:1,b:2/main": {kind: "sentinel", hosts: []string{"a:1", "b:2"}, path: "main"},
		"redis+sentinel://a:1/main?db=4": {
			kind: "sentinel", hosts: []string{"a:1"}, path: "main", db: 4,
		},
		"redis+cluster://a:1,b:2,[::1]:3": {kind: "cluster", hosts: []string{"a:1", "b:2", "[::1]:3"}},
		"rediss+cluster://a:1":            {kind: "cluster", tls: true, hosts: []string{"a:1"}},
	} {
		got, err := parse(url)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v %v", url, got, err)
		}
	}
	for _, url := range []string{
		"", "localhost:6379", "http://a", "redis://", "redis://:6379", "redis://a,b", "redis://a/x", "redis://a/-1",
		"redis+sentinel://a", "redis+cluster://a?db=1", "redis+cluster://a/1?x=y", "redis://a?timeout=3", "redis+unix:///x",
	} {
		if got, err := parse(url); err == nil {
			t.Errorf("%q is understood as %+v", url, got)
		}
	}
}

// counter counts what goes to the server and back.
type counter struct{ trips, bytes atomic.Int64 }

func (c *counter) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (c *counter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		c.trips.Add(1)
		for _, arg := range cmd.Args() {
			switch arg := arg.(type) {
			case []byte:
				c.bytes.Add(int64(len(arg)))
			default:
				c.bytes.Add(int64(len(fmt.Sprint(arg))))
			}
		}
		return next(ctx, cmd)
	}
}

func (c *counter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		c.trips.Add(1)
		return next(ctx, cmds)
	}
}

// One round trip to write, one to read, with and without replicas.
func TestRoundTrips(t *testing.T) {
	for name, start := range map[string]func(testing.TB) string{
		"alone":        redistest.Start,
		"with replica": func(t testing.TB) string { url, _ := redistest.Replicated(t); return url },
	} {
		t.Run(name, func(t *testing.T) { countTrips(t, start(t)) })
	}
}

func countTrips(t *testing.T, url string) {
	ctx := t.Context()
	s, err := Open(ctx, url, "T1", zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var version int
	commit := func() error {
		version++
		change := incident.Change{
			After:   incident.Incident{Number: 1, Version: version, Channel: "C1"},
			Summary: incident.Summary{Number: 1},
			Parts:   []incident.Part{{Kind: "task", ID: "1", Body: []byte(`{}`)}},
		}
		return s.Commit(ctx, incident.Commit{Key: fmt.Sprint(version), Changes: []incident.Change{change}})
	}
	load := func() error {
		_, _, err := s.Load(ctx, incident.Ref{Channel: "C1"}, "some key", incident.Want{Texts: true, Parts: []incident.PartKind{"task", "undo"}})
		return err
	}
	for _, warm := range []func() error{commit, load} { // the server learns the scripts
		if err := warm(); err != nil {
			t.Fatal(err)
		}
	}
	trips := &counter{}
	s.client.AddHook(trips)
	for name, do := range map[string]func() error{"commit": commit, "load": load} {
		before := trips.trips.Load()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		if n := trips.trips.Load() - before; n != 1 {
			t.Errorf("%s took %d round trips", name, n)
		}
	}
}

// What a commit sends, keys and all, is not much more than its content.
func TestFigures(t *testing.T) {
	url := redistest.Start(t)
	for i, f := range storetest.Figures(t) {
		t.Run(f.Name, func(t *testing.T) {
			s, err := Open(t.Context(), url, fmt.Sprintf("T%d", i), zap.NewNop())
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for _, c := range f.Before {
				if err := s.Commit(t.Context(), c); err != nil {
					t.Fatal(err)
				}
			}
			trips := &counter{}
			s.client.AddHook(trips)
			if err := s.Commit(t.Context(), f.Commit); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d bytes", trips.bytes.Load())
			if n := trips.bytes.Load(); n == 0 || n > int64(f.Most) {
				t.Errorf("the commit sends %d bytes; at most %d are fine", n, f.Most)
			}
		})
	}
}

// Each script says what it takes and what it answers.
func TestScriptsStateTheirContract(t *testing.T) {
	files, err := sources.ReadDir("scripts")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := sources.ReadFile("scripts/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		header, _, _ := strings.Cut(string(b), "\n\n")
		library := strings.Contains(header, "Goes before")
		if !library && !strings.Contains(header, "-- returns ") {
			t.Errorf("%s does not say what it returns", f.Name())
		}
		if !library && strings.Contains(string(b), "ARGV[") && !strings.Contains(header, "-- ARGV ") {
			t.Errorf("%s does not say what its arguments are", f.Name())
		}
		if strings.Contains(string(b), "KEYS[22]") && !strings.Contains(header, "KEYS 22 = ") {
			t.Errorf("%s does not say what its key is", f.Name())
		}
	}
}

// What Redis 7 and Redis 6.2 say, word for word.
func TestClassify_ServersAnswer_TellsARefusalFromADoubt(t *testing.T) {
	for answer, want := range map[string]failure{
		"LOADING Redis is loading the dataset in memory":                                                                       refused,
		"READONLY You can't write against a read only replica.":                                                                refused,
		"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.":                                     refused,
		"MISCONF Errors writing to the AOF file: No space left on device":                                                      refused,
		"OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:86.":                              refused,
		"NOAUTH Authentication required.":                                                                                      refused,
		"ERR Protocol error: unauthenticated multibulk length":                                                                 refused,
		"ERR max number of clients reached":                                                                                    refused,
		"ERR Error running script (call to f_1f): @user_script:86: -OOM command not allowed when used memory > 'maxmemory'.":   refused,
		"ERR Error running script (call to f_1f): @user_script:86: -MISCONF Errors writing to the AOF file: No space left":     refused,
		"ERR Error running script (call to f_1f): @user_script:86: -READONLY You can't write against a read only replica.":     refused,
		"ERR Error running script (call to f_1f): @user_script:99: WRONGTYPE Operation against a key":                          broken,
		"ERR Error running script (call to f_1f): @user_script:99: user_script:99: attempt to index a nil value":               broken,
		"ERR ACL failure in script: User default has no permissions to run the 'hset' command script: 1f, on @user_script:90.": broken,
		"WRONGTYPE Operation against a key holding the wrong kind of value script: 1f, on @user_script:90.":                    broken,
	} {
		if got := classify(proto(answer)); got != want {
			t.Errorf("%s: %d, want %d", answer, got, want)
		}
	}
}

// proto is an answer of the server's.
type proto string

func (p proto) Error() string { return string(p) }
func (proto) RedisError()     {}
