package sqlite_test

import (
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"muster/store"
	"muster/store/sqlite"
	"muster/store/storetest"
)

func verify(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB) store.Store {
	s, err := sqlite.Open(filepath.Join(t.TempDir(), "muster.db"), "T1")
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

func TestStore(t *testing.T) { storetest.Run(t, open) }

// Each start may be that of a file from a backup.
func TestStoreReturned(t *testing.T) {
	storetest.RunReturned(t, func(t testing.TB) (store.Store, func() store.Store) {
		path := filepath.Join(t.TempDir(), "muster.db")
		opened := func() *sqlite.Store {
			s, err := sqlite.Open(path, "T1")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			return s
		}
		s := opened()
		return s, func() store.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return opened()
		}
	})
}

func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, open) }
