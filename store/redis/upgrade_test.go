package redis_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	goredis "github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/store"
	"muster/store/redis"
	"muster/store/redis/redistest"
)

// ofSchema1 starts a server with what the program of schema 1 has written for T1.
func ofSchema1(t *testing.T) string { return ofSchema(t, 1) }

// ofSchema does so with what that of any schema has written.
func ofSchema(t *testing.T, version int) string {
	t.Helper()
	url := redistest.Start(t)
	redistest.Replay(t, url, fmt.Sprintf("../upgrade/testdata/v%d.jsonl", version))
	return url
}

// fromEachSchema runs a test for each schema from which there is an upgrade.
func fromEachSchema(t *testing.T, test func(t *testing.T, version int)) {
	for _, version := range []int{1, 2} {
		t.Run(fmt.Sprintf("schema %d", version), func(t *testing.T) { test(t, version) })
	}
}

// everything is what a store holds, without what the time of day changes.
func everything(t *testing.T, s *redis.Store) []string {
	t.Helper()
	var all []string
	for r, err := range s.Export(t.Context()) {
		must(t, err)
		if k, ok := r.(store.Key); ok {
			k.Forget = time.Time{}
			r = k
		}
		b, err := json.Marshal(r)
		must(t, err)
		all = append(all, fmt.Sprintf("%T %s", r, b))
	}
	slices.Sort(all)
	return all
}

func TestUpgrade_OpenedTwice_HappensOnce(t *testing.T) {
	url := ofSchema1(t)
	first := everything(t, open(t, url, "T1"))
	if diff := cmp.Diff(first, everything(t, open(t, url, "T1"))); diff != "" {
		t.Error(diff)
	}
	if got, err := raw(t, url).HGet(t.Context(), "m:{T1}:meta", "schema").Result(); got != "3" || err != nil {
		t.Errorf("the schema is %s, %v, which an older program would not refuse", got, err)
	}
	left, err := raw(t, url).Keys(t.Context(), "m:{T1}:*").Result()
	must(t, err)
	left = slices.DeleteFunc(left, func(key string) bool {
		return strings.HasPrefix(key, "m:{T1}:3:") || strings.HasPrefix(key, "m:{T1}:key:")
	})
	slices.Sort(left)
	if diff := cmp.Diff([]string{"m:{T1}:docs", "m:{T1}:meta", "m:{T1}:versions"}, left); diff != "" {
		t.Error(diff)
	}
}

// Wherever it dies, the next who opens the store finishes it.
func TestUpgrade_CutOff_IsFinishedByTheNext(t *testing.T) { fromEachSchema(t, cutOff) }

func cutOff(t *testing.T, version int) {
	want := everything(t, open(t, ofSchema(t, version), "T1"))
	for cut := 1; ; cut++ {
		url := ofSchema(t, version)
		p, through := between(t, url)
		ctx, cancel := context.WithCancel(t.Context())
		writes := 0
		p.harms(func(request []byte) fate {
			if isWrite(request) {
				if writes++; writes >= cut {
					cancel()
					return losesRequest
				}
			}
			return passes
		})
		s, err := redis.Open(ctx, through, "T1", zap.NewNop())
		cancel()
		if err == nil {
			must(t, s.Close())
			if cut < 4 {
				t.Fatalf("it took %d writes only", cut-1)
			}
			return
		}
		if diff := cmp.Diff(want, everything(t, open(t, url, "T1"))); diff != "" {
			t.Fatalf("cut off at write %d: %s", cut, diff)
		}
	}
}

// Whoever has opened the store changes what others are still upgrading.
func TestUpgrade_ManyReplicasAtOnce_HarmNothing(t *testing.T) { fromEachSchema(t, manyReplicas) }

func manyReplicas(t *testing.T, version int) {
	const replicas = 8
	alone := open(t, ofSchema(t, version), "T1")
	want := everything(t, alone)
	before, _, err := alone.Load(t.Context(), incident.Ref{Number: 4}, "", incident.Want{})
	must(t, err)
	url := ofSchema(t, version)
	var group sync.WaitGroup
	for i := range replicas {
		group.Go(func() {
			s, err := redis.Open(t.Context(), url, "T1", zap.NewNop())
			for again := err == nil; again; {
				err = appendTo(t.Context(), s, 4, fmt.Sprintf("replica-%d", i))
				again = errors.Is(err, incident.ErrStale)
			}
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	s := open(t, url, "T1")
	timeline, err := s.Timeline(t.Context(), 4)
	must(t, err)
	inc, _, err := s.Load(t.Context(), incident.Ref{Number: 4}, "", incident.Want{})
	must(t, err)
	if inc.ID != before.ID || inc.Version != before.Version+replicas || len(timeline) != before.Entries+replicas {
		t.Errorf("version %d with %d entries", inc.Version, len(timeline))
	}
	ours := func(record string) bool {
		return strings.Contains(record, "INC-4") || strings.Contains(record, `"Number":4`) || strings.Contains(record, `"number":4`)
	}
	if diff := cmp.Diff(slices.DeleteFunc(want, ours), slices.DeleteFunc(everything(t, s), ours)); diff != "" {
		t.Error(diff)
	}
}

// What waited in the lanes of schema 2 waits still, in its order, in doubt: how much
// of it was sent is not known.
func TestUpgrade_LanesOfSchema2_KeepWhatWaits(t *testing.T) {
	url := ofSchema(t, 2)
	c := raw(t, url)
	bodies, err := c.HGetAll(t.Context(), "m:{T1}:2:notices").Result()
	must(t, err)
	want := map[string][]string{} // keys in their order, by the old lane and the subject
	for lane := range c.HGetAll(t.Context(), "m:{T1}:2:lanes").Val() {
		for seq := 1; ; seq++ {
			body, waits := bodies[fmt.Sprintf("%s#%d", lane, seq)]
			if !waits {
				break
			}
			n, err := store.DecodeNotice([]byte(body))
			must(t, err)
			name := fmt.Sprint(lane, " ", n.Subject)
			want[name] = append(want[name], n.Key)
			delete(bodies, fmt.Sprintf("%s#%d", lane, seq))
		}
	}
	if len(want) < 5 || len(bodies) != 0 {
		t.Fatalf("%d lanes, and beside them %v", len(want), bodies)
	}
	s := open(t, url, "T1")
	got := map[string][]string{}
	for later := start.Add(9000 * time.Hour); ; {
		l, ok, err := s.Take(t.Context(), later, time.Minute, notice.Limits{})
		must(t, err)
		if !ok {
			break
		}
		if !l.InDoubt {
			t.Errorf("%s is not in doubt", l.Notice.Key)
		}
		lane, _, _ := strings.Cut(l.Notice.Lane, " ")
		name := fmt.Sprint(lane, " ", l.Notice.Subject)
		got[name] = append(got[name], l.Notice.Key)
		must(t, s.Pop(t.Context(), l))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// appendTo commits an entry to an incident.
func appendTo(ctx context.Context, s *redis.Store, n incident.Number, key string) error {
	inc, _, err := s.Load(ctx, incident.Ref{Number: n}, key, incident.Want{})
	if err != nil {
		return err
	}
	inc.Version++
	inc.Entries++
	return s.Commit(ctx, incident.Commit{Key: key, At: start, Changes: []incident.Change{{
		After: inc, Summary: incident.Summary{Number: n, Status: inc.Status, Changed: start}, Entries: []incident.Entry{{Seq: inc.Entries, At: start}},
	}}})
}

func TestUpgrade_ChangedTimeline_IsRefusedAndLeftAlone(t *testing.T) {
	url := ofSchema1(t)
	c := raw(t, url)
	last, err := c.LIndex(t.Context(), "m:{T1}:timeline:1", -1).Result()
	must(t, err)
	must(t, c.LSet(t.Context(), "m:{T1}:timeline:1", -1, strings.Replace(last, "Closed", "Erased", 1)).Err())
	before := dump(t, c)
	_, err = redis.Open(t.Context(), url, "T1", zap.NewNop())
	if err == nil || !strings.Contains(err.Error(), "INC-1: entry 17 of its timeline is not as it was written") {
		t.Errorf("answered %v", err)
	}
	if diff := cmp.Diff(before, dump(t, c)); diff != "" {
		t.Error(diff)
	}
}

// dump is all values of a server.
func dump(t *testing.T, c *goredis.Client) map[string]string {
	t.Helper()
	keys, err := c.Keys(t.Context(), "*").Result()
	must(t, err)
	all := map[string]string{}
	for _, key := range keys {
		all[key], err = c.Dump(t.Context(), key).Result()
		must(t, err)
	}
	return all
}

// A replica of the older program that still runs neither reads nor writes
// anything, and finds nothing to do.
func TestUpgrade_OlderReplica_CanDoNothing(t *testing.T) {
	url := ofSchema1(t)
	open(t, url, "T1")
	c := raw(t, url)
	keys := []string{
		"docs", "versions", "channels", "open", "meta", "due", "timers", "slots", "lanes", "notices", "merges", "gates",
		"ready:0", "ready:1", "ready:2", "ready:3", "key:x", "timeline:1",
	}
	for i := range keys {
		keys[i] = "m:{T1}:" + keys[i]
	}
	later := start.Add(9000 * time.Hour).UnixMilli()
	for name, args := range map[string][]any{
		"commit": {"request", 0, 1000, later, 1, 99, "{}", "", 1, "", 0, "", 0, "", 0, 0, 0},
		"load":   {1, ""},
		"claim":  {later, later + 1, 100},
		"take":   {later, later + 1, 0, 1},
	} {
		source, err := os.ReadFile("testdata/" + name + "-v1.lua")
		must(t, err)
		before := dump(t, c)
		got, err := c.Eval(t.Context(), string(source), keys, args...).Result()
		switch name {
		case "commit", "load":
			if err == nil || !strings.Contains(err.Error(), "WRONGTYPE") {
				t.Errorf("%s: %v %v", name, got, err)
			}
		default:
			if got != "" || err != nil {
				t.Errorf("%s: %v %v", name, got, err)
			}
		}
		if diff := cmp.Diff(before, dump(t, c)); diff != "" {
			t.Errorf("%s has written: %s", name, diff)
		}
	}
	if _, err := c.Get(t.Context(), "m:{T1}:key:x").Result(); !errors.Is(err, goredis.Nil) {
		t.Errorf("the older program's request is remembered: %v", err)
	}
}

// The same of schema 2, whose commits may also claim a slot and change no incident.
func TestUpgrade_OlderReplicaOfSchema2_CanDoNothing(t *testing.T) {
	url := ofSchema(t, 2)
	open(t, url, "T1")
	c := raw(t, url)
	keys := []string{
		"heads", "versions", "cited", "rows", "channels", "open", "changed", "due", "timers", "slots", "lanes", "notices", "merges", "gates",
		"ready:0", "ready:1", "ready:2", "ready:3", "timeline:", "part:",
	}
	for i := range keys {
		keys[i] = "m:{T1}:2:" + keys[i]
	}
	keys = append(keys, "m:{T1}:meta", "m:{T1}:key:x")
	later := start.Add(9000 * time.Hour).UnixMilli()
	for name, args := range map[string][]any{
		"commit": {"request", 0, 1000, later, "digest", later, "", 0, "", 0, "", 0, 0},
		"slot":   {"digest", later},
		"load":   {1, "", 0, 0},
		"claim":  {later, later + 1, 100},
		"take":   {later, later + 1, 0, 1},
	} {
		source, err := os.ReadFile("testdata/" + name + "-v2.lua")
		must(t, err)
		before := dump(t, c)
		got, err := c.Eval(t.Context(), string(source), keys, args...).Result()
		if refused := err != nil && strings.Contains(err.Error(), "WRONGTYPE"); !refused && (got != "" || err != nil) {
			t.Errorf("%s: %v %v", name, got, err)
		}
		if diff := cmp.Diff(before, dump(t, c)); diff != "" {
			t.Errorf("%s has written: %s", name, diff)
		}
	}
}
