package cli_test

import (
	"testing"

	"go.uber.org/goleak"

	"muster/internal/sandbox/sandboxtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(thenRemoveBinary{m}) }

// thenRemoveBinary is all tests, and after them the removal of what they built.
type thenRemoveBinary struct{ *testing.M }

func (m thenRemoveBinary) Run() int {
	defer sandboxtest.RemoveBinary()
	return m.M.Run()
}

const oncall = "oncall"
