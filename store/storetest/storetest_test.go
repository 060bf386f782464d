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
