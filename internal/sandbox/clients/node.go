package clients

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Required is the environment variable that makes missing Node, or packages, a
// failure instead of tests that are left out.
const Required = "MUSTER_REQUIRE_NODE"

// ErrLeftOut is that Node or the packages are missing, and need not be there.
var ErrLeftOut = errors.New("left out")

// oldest is the first Node that the clients run on.
const oldest = 20

// Command returns a script of this folder, to be started from any other. It is
// [ErrLeftOut] where the script cannot run and need not.
func Command(ctx context.Context, script string, args ...string) (*exec.Cmd, error) {
	here, err := folder()
	if err != nil {
		return nil, err
	}
	node, want, err := search(ctx, here)
	switch {
	case err != nil:
		return nil, err
	case want == "":
		args = append([]string{filepath.Join(here, script)}, args...)
		return exec.CommandContext(ctx, node, args...), nil //nolint:gosec // a test names one of its own scripts
	case os.Getenv(Required) != "":
		return nil, errors.New("missing: " + want)
	}
	return nil, fmt.Errorf("%w: Slack's own clients, for want of %s", ErrLeftOut, want)
}

// search returns Node's path, or says what there is to be installed.
func search(ctx context.Context, here string) (node, want string, err error) {
	node, err = exec.LookPath("node")
	if err != nil {
		return "", "Node (node), version 20 or newer", nil
	}
	version, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return "", "", fmt.Errorf("ask Node for its version: %w", err)
	}
	major := regexp.MustCompile(`^v(\d+)`).FindSubmatch(version)
	if major == nil {
		return "", "", fmt.Errorf("the version of Node is %q", version)
	}
	if n, _ := strconv.Atoi(string(major[1])); n < oldest {
		return "", "Node (node), version 20 or newer; there is " + strings.TrimSpace(string(version)), nil
	}
	if _, err := os.Stat(filepath.Join(here, "node_modules", ".package-lock.json")); err != nil {
		return "", "its packages: run .ci/clients, which needs npm", nil
	}
	return node, "", nil
}

// folder returns where the scripts and their packages are, from any folder of this
// module. Where this file was compiled does not say it: a build may trim its path.
func folder() (string, error) {
	at, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find Slack's own clients: %w", err)
	}
	for ; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return filepath.Join(at, "internal", "sandbox", "clients"), nil
		}
		if at == filepath.Dir(at) {
			return "", errors.New("find Slack's own clients: this is no folder of the module")
		}
	}
}
