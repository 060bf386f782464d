package storetest_test

import (
	"testing"

	"muster/internal/incident/incidenttest"
	"muster/store"
	"muster/store/storetest"
)

// The model is a store, too.
func TestModel(t *testing.T) {
	storetest.Run(t, func(testing.TB) store.Store { return incidenttest.NewStore() })
}

func TestModelReturned(t *testing.T) {
	storetest.RunReturned(t, func(testing.TB) (store.Store, func() store.Store) {
		s := incidenttest.NewStore()
		return s, func() store.Store {
			s.Restart()
			return s
		}
	})
}
