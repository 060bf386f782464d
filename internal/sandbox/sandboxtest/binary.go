package sandboxtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// Binary builds the program, once for all tests of a package, and gives its path.
// [RemoveBinary] takes it away when they are done.
var Binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "muster-binary-")
	if err != nil {
		return "", fmt.Errorf("build the program: %w", err)
	}
	binaryDir = dir
	path := filepath.Join(dir, "muster")
	if out, err := exec.Command("go", "build", "-o", path, "muster").CombinedOutput(); err != nil { //nolint:gosec // a directory of our own
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
})

var binaryDir string

// RemoveBinary removes what [Binary] built, if it did.
func RemoveBinary() {
	if binaryDir != "" {
		_ = os.RemoveAll(binaryDir)
	}
}
