package redis_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"muster/store"
	"muster/store/redis"
	"muster/store/redis/redistest"
	"muster/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// workspaces gives every test a workspace of its own, so that all of them can
// share a server.
var workspaces atomic.Int64

// at opens stores at a URL.
func at(url string) storetest.Open {
	return func(t testing.TB) store.Store {
		t.Helper()
		s, err := redis.Open(t.Context(), url, fmt.Sprintf("T%d", workspaces.Add(1)), zap.NewNop())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	}
}

func TestStoreStandalone(t *testing.T) { storetest.Run(t, at(redistest.Start(t))) }

func TestStoreCluster(t *testing.T) { storetest.Run(t, at(redistest.Cluster(t))) }

// The fast path, where there is no redis-server: an imitation in memory. Its Lua is
// interpreted in Go, so where the servers are asked, it is asked less.
func TestStoreImitated(t *testing.T) {
	run := storetest.Run
	if redistest.Installed() {
		run = storetest.RunBriefly
	}
	server := miniredis.RunT(t)
	run(t, at("redis://"+server.Addr()))
}

// Another server answers, after a restart or a failover.
func TestStoreReturned(t *testing.T) {
	url := redistest.Start(t)
	storetest.RunReturned(t, func(t testing.TB) (store.Store, func() store.Store) {
		s := at(url)(t)
		meta := fmt.Sprintf("m:{T%d}:meta", workspaces.Load())
		return s, func() store.Store {
			if err := raw(t, url).HSet(t.Context(), meta, "server", "another").Err(); err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
}

func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, at(redistest.Start(b))) }
