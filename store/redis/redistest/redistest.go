// Package redistest starts real Redis servers for tests, on loopback and free
// ports, and stops them when the test ends.
package redistest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Required is the environment variable that makes a missing redis-server a
// failure instead of a skipped test.
const Required = "MUSTER_REQUIRE_TOOLS"

// patience is how long a server may take to start.
const patience = 20 * time.Second

// Start starts a server with an append-only file, and gives its URL.
func Start(t testing.TB) string {
	t.Helper()
	return "redis://" + start(t, binary(t))
}

// Restartable starts a server, and gives its URL and what kills it and starts it again
// with its data.
func Restartable(t testing.TB) (url string, restart func()) {
	t.Helper()
	s := launch(t, binary(t), kept...)
	return "redis://" + s.host, func() {
		t.Helper()
		s.stop()
		if !s.start(t) {
			t.Fatalf("redis-server did not start again:\n%s", s.said())
		}
	}
}

// Replicated starts a server with one replica that is in step with it, and
// gives the URLs of both.
func Replicated(t testing.TB) (primary, replica string) {
	t.Helper()
	program := binary(t)
	first := start(t, program)
	host, port, _ := net.SplitHostPort(first)
	second := start(t, program, "--replicaof", host, port)
	await(t, second, "be in step", func(ctx context.Context, c *redis.Client) bool {
		info, err := c.Info(ctx, "replication").Result()
		return err == nil && strings.Contains(info, "master_link_status:up")
	})
	return "redis://" + first, "redis://" + second
}

// Cluster starts a cluster of three nodes, and gives its URL.
func Cluster(t testing.TB) string {
	t.Helper()
	const slots = 16384
	program := binary(t)
	var hosts []string
	for range 3 {
		hosts = append(hosts, start(t, program, "--cluster-enabled", "yes", "--cluster-node-timeout", "5000"))
	}
	for n, host := range hosts {
		do(t, host, func(ctx context.Context, c *redis.Client) error {
			return c.ClusterAddSlotsRange(ctx, n*slots/3, (n+1)*slots/3-1).Err()
		})
	}
	for _, host := range hosts[1:] {
		do(t, hosts[0], func(ctx context.Context, c *redis.Client) error {
			ip, port, _ := net.SplitHostPort(host)
			return c.ClusterMeet(ctx, ip, port).Err()
		})
	}
	for _, host := range hosts {
		await(t, host, "join the cluster", func(ctx context.Context, c *redis.Client) bool {
			info, err := c.ClusterInfo(ctx).Result()
			return err == nil && strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3")
		})
	}
	return "redis+cluster://" + strings.Join(hosts, ",")
}

// Sentinel starts a server and a Sentinel that watches it, and gives the URL.
func Sentinel(t testing.TB) string {
	t.Helper()
	program := binary(t)
	ip, port, _ := net.SplitHostPort(start(t, program))
	config := filepath.Join(t.TempDir(), "sentinel.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, "sentinel monitor primary %s %s 1\n", ip, port), 0o600); err != nil {
		t.Fatal(err)
	}
	return "redis+sentinel://" + run(t, program, config, "--sentinel") + "/primary"
}

// Installed reports whether there is a redis-server to start.
func Installed() bool {
	_, err := exec.LookPath("redis-server")
	return err == nil
}

// binary finds redis-server. Without it the test is skipped, or fails where
// the tools are required.
func binary(t testing.TB) string {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	switch {
	case err == nil:
		return program
	case os.Getenv(Required) == "1":
		t.Fatal("redis-server is missing: install it (on Debian: apt-get install redis-server)")
	default:
		t.Skip("LEFT OUT for want of redis-server: what needs a real Redis (on Debian: apt-get install redis-server)")
	}
	return ""
}

// kept are the arguments of a server that keeps its data.
var kept = []string{
	"--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction",
	"--repl-diskless-sync-delay", "0",
}

// start runs a server that keeps its data.
func start(t testing.TB, program string, more ...string) string {
	t.Helper()
	return run(t, program, slices.Concat(kept, more)...)
}

// run runs the program on a free port of loopback, and gives its address.
func run(t testing.TB, program string, args ...string) string {
	t.Helper()
	return launch(t, program, args...).host
}

// server is a program that runs until the test ends.
type server struct {
	program, dir, host string
	args               []string
	stop               func()
}

// launch runs the program on a free port of loopback.
func launch(t testing.TB, program string, args ...string) *server {
	t.Helper()
	s := &server{program: program, args: args, dir: t.TempDir(), stop: func() {}}
	t.Cleanup(func() { s.stop() })
	for range 5 { // somebody else may take the port in between
		s.host = net.JoinHostPort("127.0.0.1", freePort(t))
		if s.start(t) {
			return s
		}
	}
	t.Fatalf("redis-server did not start:\n%s", s.said())
	return nil
}

// start runs the program, and reports whether it answers.
func (s *server) start(t testing.TB) bool {
	t.Helper()
	log, err := os.Create(s.log())
	if err != nil {
		t.Fatal(err)
	}
	ip, port, _ := net.SplitHostPort(s.host)
	cmd := exec.Command(s.program, append(slices.Clip(s.args), "--bind", ip, "--port", port, "--dir", s.dir)...) //nolint:gosec // the tests' own program and arguments
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		_ = log.Close()
		close(ended)
	}()
	s.stop = func() {
		_ = cmd.Process.Kill()
		<-ended
	}
	if !started(s.host, ended) {
		s.stop()
		return false
	}
	return true
}

func (s *server) log() string { return filepath.Join(s.dir, "redis.log") }

// said returns what the program wrote.
func (s *server) said() []byte {
	said, _ := os.ReadFile(s.log())
	return said
}

// started waits until a server answers.
func started(host string, ended <-chan struct{}) bool {
	c := redis.NewClient(&redis.Options{Addr: host, MaxRetries: -1})
	defer c.Close()
	deadline := time.After(patience)
	for {
		if c.Ping(context.Background()).Err() == nil {
			return true
		}
		select {
		case <-ended:
			return false
		case <-deadline:
			return false
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	if port > 55000 { // a cluster's nodes talk to each other at port + 10000
		port -= 20000
	}
	return fmt.Sprint(port)
}

func do(t testing.TB, host string, what func(context.Context, *redis.Client) error) {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: host})
	defer c.Close()
	if err := what(context.Background(), c); err != nil {
		t.Fatalf("redis at %s: %v", host, err)
	}
}

// await asks a server until it says yes.
func await(t testing.TB, host, what string, yes func(context.Context, *redis.Client) bool) {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: host})
	defer c.Close()
	deadline := time.After(patience)
	for !yes(context.Background(), c) {
		select {
		case <-deadline:
			t.Fatalf("redis at %s did not %s", host, what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
