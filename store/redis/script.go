package redis

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed scripts/*.lua
var sources embed.FS

// script is one atomic step.
type script struct {
	*redis.Script
	name  string
	reads bool // it writes nothing, whatever becomes of it
}

// The scripts. Those with "once" answer a request that is sent again as they
// did before; commit recognises its own, and so does the import; what was
// upgraded is not upgraded again; the others only read.
var (
	loadScript    = compose("load").reading()
	findScript    = compose("find").reading()
	nextScript    = compose("next").reading()
	commitScript  = compose("lane", "commit")
	claimScript   = compose("once", "claim")
	settleScript  = compose("once", "settle")
	slotScript    = compose("once", "slot")
	takeScript    = compose("once", "lane", "take")
	releaseScript = compose("once", "lane", "release")
	popScript     = compose("once", "lane", "pop")
	importScript  = compose("lane", "import")

	moveScript     = compose("move")
	identifyScript = compose("identify")

	upgradeScript         = compose("upgrade")
	upgradeIncidentScript = compose("upgrade_incident")
	upgradeNoticesScript  = compose("upgrade_notices")
	upgradeLaneScript     = compose("lane", "upgrade_lane")
)

func compose(parts ...string) script {
	var text strings.Builder
	for _, part := range append([]string{"prelude"}, parts...) {
		b, err := sources.ReadFile("scripts/" + part + ".lua")
		if err != nil {
			panic(err) // embedded: cannot happen
		}
		text.Write(b)
	}
	return script{Script: redis.NewScript(text.String()), name: parts[len(parts)-1]}
}

func (sc script) reading() script {
	sc.reads = true
	return sc
}

// run runs a script, again if it has to. An error is unavailable only if
// surely nothing was written.
func (s *Store) run(ctx context.Context, sc script, own []string, args ...any) (*redis.Cmd, error) {
	all := append(slices.Concat(s.keys.all, own), s.keys.store())
	doubt := false
	for attempt := 0; ; attempt++ {
		cmd, err := s.once(ctx, sc, all, args)
		if err == nil {
			return cmd, nil
		}
		if redis.HasErrorPrefix(err, "REPLACED") {
			return nil, fmt.Errorf("redis %s: %w", sc.name, errReplaced)
		}
		f := classify(err)
		doubt = doubt || f == lost && !sc.reads
		if f == broken || attempt == retries || !s.again(ctx, attempt, err) {
			if doubt || f == broken {
				return nil, fmt.Errorf("redis %s: %w", sc.name, err)
			}
			return nil, fmt.Errorf("redis %s: %w", sc.name, unavailable(err))
		}
	}
}

// once sends a script to the workspace's node, its text only if the node does
// not know it.
func (s *Store) once(ctx context.Context, sc script, all []string, args []any) (*redis.Cmd, error) {
	if err := ctx.Err(); err != nil {
		return nil, &unsent{err}
	}
	node, err := s.node(ctx)
	if err != nil {
		return nil, &unsent{err}
	}
	cmd, err := s.send(ctx, node, sc, func(c redis.Cmdable) *redis.Cmd {
		return c.EvalSha(ctx, sc.Hash(), all, args...)
	})
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		cmd, err = s.send(ctx, node, sc, func(c redis.Cmdable) *redis.Cmd { return sc.Eval(ctx, c, all, args...) })
	}
	return cmd, err
}

// send sends one command; behind a commit, if there are replicas, also the wait
// for one of them. Both share the connection, which is what WAIT is about.
func (s *Store) send(ctx context.Context, node *redis.Client, sc script, command func(redis.Cmdable) *redis.Cmd) (*redis.Cmd, error) {
	if sc.name != commitScript.name || s.replicas.Load() == 0 {
		cmd := command(node)
		return cmd, cmd.Err()
	}
	pipe := node.Pipeline()
	cmd := command(pipe)
	replicas := pipe.Do(ctx, "WAIT", 1, replicaPatience.Milliseconds())
	_, _ = pipe.Exec(ctx) // each command has its own error
	if cmd.Err() == nil {
		s.replicated(replicas)
	}
	return cmd, cmd.Err()
}

// retries is how many times a request is sent again.
const retries = 4

// again waits before another try, and follows a cluster that has moved the slot.
func (s *Store) again(ctx context.Context, attempt int, err error) bool {
	if cluster, ok := s.client.(*redis.ClusterClient); ok {
		cluster.ReloadState(ctx)
	}
	if attempt == 0 && classify(err) == lost {
		return true // most likely a connection that had been idle for too long
	}
	pause := time.Duration(20<<attempt) * time.Millisecond
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause + rand.N(pause)):
		return true
	}
}

// unsent is a failure from before anything was sent.
type unsent struct{ error }

func (u *unsent) Unwrap() error { return u.error }

// failure is what an error says about the script.
type failure int

const (
	refused failure = iota // it did not run, and may be tried again
	lost                   // it may have run
	broken                 // it ran into an error, as it will again
)

// refusals are how the server answers what it does not even begin, and a
// script's first write, which is refused before anything is written. (What it
// refuses later than that, it says in other words.)
var refusals = []string{
	"LOADING", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "MOVED", "ASK", "BUSY", "CROSSSLOT",
	"NOREPLICAS", "OOM", "MISCONF", "NOAUTH", "WRONGPASS", "NOPERM", "DENIED",
	// These begin with ERR, which the client library takes away.
	"max number of clients", "max clients reached", "AUTH <password> called", "invalid password", "unknown command",
	"Protocol error: unauthenticated", // what is long, of a client that has lost its password
}

// inScript is how Redis before 7 quotes what stopped a script.
var inScript = regexp.MustCompile(`^(ERR )?Error running script .*?: -(READONLY|NOREPLICAS|OOM|MISCONF) `)

func classify(err error) failure {
	var before *unsent
	var dial *net.OpError
	switch {
	case errors.As(err, &before), errors.Is(err, redis.ErrPoolTimeout), errors.Is(err, redis.ErrPoolExhausted), errors.Is(err, redis.ErrClosed),
		errors.As(err, &dial) && dial.Op == "dial":
		return refused
	}
	if _, answered := errors.AsType[redis.Error](err); !answered {
		return lost
	}
	for _, prefix := range refusals {
		if redis.HasErrorPrefix(err, prefix) {
			return refused
		}
	}
	if inScript.MatchString(err.Error()) {
		return refused
	}
	return broken
}
