package redis_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"muster/internal/incident"
	"muster/store/redis"
	"muster/store/redis/redistest"
	"muster/store/storetest"
)

func TestOpenRefusesANewerMustersData(t *testing.T) {
	url := redistest.Start(t)
	must(t, raw(t, url).HSet(t.Context(), "m:{T1}:meta", "schema", 4).Err())
	_, err := redis.Open(t.Context(), url, "T1", zap.NewNop())
	if err == nil || !strings.Contains(err.Error(), "newer Muster") {
		t.Fatal(err)
	}
	open(t, url, "T2")
}

func TestOpenRefusesWhatIsNotMusters(t *testing.T) {
	url := redistest.Start(t)
	must(t, raw(t, url).HSet(t.Context(), "m:{T1}:meta", "schema", "mine").Err())
	_, err := redis.Open(t.Context(), url, "T1", zap.NewNop())
	if err == nil || !strings.Contains(err.Error(), "not Muster's") {
		t.Fatal(err)
	}
}

func TestOpenWarnsOfWhatCouldBeLost(t *testing.T) {
	url := redistest.Start(t)
	if w := open(t, url, "T1").Warnings(); len(w) != 0 {
		t.Errorf("warned of a sound server: %q", w)
	}
	c := raw(t, url)
	must(t, c.ConfigSet(t.Context(), "appendonly", "no").Err())
	must(t, c.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err())
	logs, seen := observer.New(zap.WarnLevel)
	s, err := redis.Open(t.Context(), url, "T1", zap.New(logs))
	must(t, err)
	defer s.Close()
	all := strings.Join(s.Warnings(), "\n")
	for _, word := range []string{"append-only file is off", "allkeys-lru", "noeviction"} {
		if !strings.Contains(all, word) {
			t.Errorf("%q does not say %q", all, word)
		}
	}
	if seen.Len() != len(s.Warnings()) {
		t.Errorf("%d of %d warnings were logged", seen.Len(), len(s.Warnings()))
	}
}

func TestServerTime(t *testing.T) {
	s := open(t, redistest.Start(t), "T1")
	before := time.Now()
	got, err := s.ServerTime(t.Context())
	must(t, err)
	if got.Before(before.Add(-time.Millisecond)) || got.After(time.Now().Add(time.Millisecond)) {
		t.Errorf("the server, on this machine, says %v at %v", got, before)
	}
}

// With a replica, an acknowledged commit is on the replica; without an answer
// from it, the commit stands and the log says so.
func TestCommitWaitsForAReplica(t *testing.T) {
	primary, replica := redistest.Replicated(t)
	logs, seen := observer.New(zap.InfoLevel)
	s, err := redis.Open(t.Context(), primary, "T1", zap.New(logs))
	must(t, err)
	defer s.Close()
	copied := raw(t, replica)
	for n := 1; n <= 50; n++ {
		must(t, s.Commit(t.Context(), commit(n)))
		if there, err := copied.HExists(t.Context(), "m:{T1}:3:heads", "1").Result(); !there || err != nil {
			t.Fatal(there, err)
		}
		if entries, err := copied.LLen(t.Context(), "m:{T1}:3:timeline:1").Result(); int(entries) != n || err != nil {
			t.Fatalf("the replica has %d of %d entries (%v)", entries, n, err)
		}
	}
	if seen.Len() != 0 {
		t.Errorf("logged %v", seen.All())
	}

	must(t, copied.Do(t.Context(), "REPLICAOF", "NO", "ONE").Err()) // it leaves
	must(t, s.Commit(t.Context(), commit(51)))
	must(t, s.Commit(t.Context(), commit(52)))
	if lines := seen.TakeAll(); len(lines) != 1 || !strings.Contains(lines[0].Message, "no replica had a commit in time") {
		t.Errorf("logged %v", lines)
	}
	must(t, s.Ping(t.Context())) // sees that there is none to wait for
	waits := waited(t, primary)
	must(t, s.Commit(t.Context(), commit(53)))
	if again := waited(t, primary); again != waits {
		t.Errorf("still waits for a replica that is gone: %s, before %s", again, waits)
	}
	holds(t, s, 53)
}

// waited is what a server counts of WAIT.
func waited(t *testing.T, url string) string {
	t.Helper()
	stats, err := raw(t, url).Info(t.Context(), "commandstats").Result()
	must(t, err)
	_, line, ok := strings.Cut(stats, "cmdstat_wait:")
	if !ok {
		t.Fatal("the server was never asked to wait")
	}
	calls, _, _ := strings.Cut(line, ",")
	return calls
}

// A cluster that has moved the workspace to another node is followed.
func TestCommitFollowsAMovedSlot(t *testing.T) {
	url := redistest.Cluster(t)
	s := open(t, url, "T1")
	must(t, s.Commit(t.Context(), commit(1)))
	moveAway(t, url, "m:{T1}:meta")
	// The new node is empty but for whose it is: it was the slot that moved, not the data.
	must(t, s.Commit(t.Context(), withKey(commit(1), "again")))
	holds(t, s, 1)
}

func withKey(c incident.Commit, key string) incident.Commit {
	c.Key = key
	return c
}

// moveAway gives a key's slot to another node of the cluster, without its data.
func moveAway(t *testing.T, url, key string) {
	t.Helper()
	hosts := strings.Split(strings.TrimPrefix(url, "redis+cluster://"), ",")
	slot, err := raw(t, "redis://"+hosts[0]).ClusterKeySlot(t.Context(), key).Result()
	must(t, err)
	var owner int
	var id string
	for n, host := range hosts {
		c := raw(t, "redis://"+host)
		if err := c.Exists(t.Context(), key).Err(); err == nil {
			owner = n
			id, err = c.HGet(t.Context(), key, "store").Result()
			must(t, err)
			must(t, c.FlushAll(t.Context()).Err())
		}
	}
	heir, err := raw(t, "redis://"+hosts[(owner+1)%len(hosts)]).ClusterMyID(t.Context()).Result()
	must(t, err)
	for _, n := range []int{owner + 1, owner, owner + 2} { // the heir first
		c := raw(t, "redis://"+hosts[n%len(hosts)])
		must(t, c.Do(t.Context(), "CLUSTER", "SETSLOT", slot, "NODE", heir).Err())
	}
	must(t, raw(t, "redis://"+hosts[(owner+1)%len(hosts)]).HSet(t.Context(), key, "store", id).Err())
}

// A Redis that was emptied, or holds another store by now, is not written to, and
// does not pass for one without incidents.
func TestReplacedStore_EachCall_SaysSo(t *testing.T) {
	for what, harm := range map[string]func(t *testing.T, url string){
		"emptied": func(t *testing.T, url string) { must(t, raw(t, url).FlushAll(t.Context()).Err()) },
		"begun anew": func(t *testing.T, url string) {
			must(t, raw(t, url).FlushAll(t.Context()).Err())
			open(t, url, "T1")
		},
	} {
		t.Run(what, func(t *testing.T) {
			url := redistest.Start(t)
			s := open(t, url, "T1")
			must(t, s.Commit(t.Context(), commit(1)))
			harm(t, url)
			before := dump(t, raw(t, url))
			storetest.ExpectReplaced(t, s)
			must(t, raw(t, url).Del(t.Context(), "m:{T1}:3:ping").Err()) // a probe, which expires
			if diff := cmp.Diff(before, dump(t, raw(t, url))); diff != "" {
				t.Errorf("it was written to: %s", diff)
			}
			must(t, open(t, url, "T1").Commit(t.Context(), commit(1))) // whoever starts now begins anew
		})
	}
}

func TestOpenThroughSentinel(t *testing.T) {
	s := open(t, redistest.Sentinel(t), "T1")
	must(t, s.Commit(t.Context(), commit(1)))
	holds(t, s, 1)
}

func TestPasswordsStayOutOfErrors(t *testing.T) {
	for _, url := range []string{
		"redis://user:s3cret@127.0.0.1:1/x", "redis://user:s3cret%zz@127.0.0.1:1", "redis://:s3cret@127.0.0.1:1", "redis+x://:s3cret@h",
	} {
		_, err := redis.Open(t.Context(), url, "T1", zap.NewNop())
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v", err)
		}
	}
	url := redistest.Start(t)
	must(t, raw(t, url).ConfigSet(t.Context(), "requirepass", "right").Err())
	wrong := strings.Replace(url, "redis://", "redis://:s3cret@", 1)
	_, err := redis.Open(t.Context(), wrong, "T1", zap.NewNop())
	if !errors.Is(err, incident.ErrUnavailable) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("%v", err)
	}
	open(t, strings.Replace(url, "redis://", "redis://:right@", 1), "T1")
}
