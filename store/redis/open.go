package redis

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/store"
)

// schemaVersion is what this code reads and writes.
const schemaVersion = 3

// Store is the Redis driver of [store.Store].
type Store struct {
	client   redis.UniversalClient
	keys     keys
	log      *zap.Logger
	warnings []string
	clock    clock

	replicas atomic.Int64 // connected when last looked
	short    atomic.Bool  // the last commit reached none of them in time
}

var _ store.Store = (*Store)(nil)

// Open connects to the Redis at a URL and opens what a workspace has there. For
// the URLs see [parse]. What the server's settings could lose is logged.
func Open(ctx context.Context, url, workspace string, log *zap.Logger) (_ *Store, err error) {
	a, err := parse(url)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	redis.SetLogger(libraryLog{log})
	s := &Store{client: a.client(), keys: keysOf(workspace), log: log}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open store at %s: %w", a.hosts, err), s.client.Close())
		}
	}()
	node, err := s.node(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	if err := s.checkSchema(ctx, node); err != nil {
		return nil, err
	}
	if err := s.inspect(ctx, node); err != nil {
		return nil, err
	}
	for _, w := range s.warnings {
		log.Warn("redis: " + w)
	}
	if _, err := s.ServerTime(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// libraryLog is where the client library writes what it thinks. Whatever of it
// matters comes back as an error, too.
type libraryLog struct{ *zap.Logger }

// Printf writes a line.
func (l libraryLog) Printf(_ context.Context, format string, args ...any) {
	l.Debug(fmt.Sprintf(format, args...))
}

// checkSchema marks a new workspace, and refuses one that a newer Muster wrote.
func (s *Store) checkSchema(ctx context.Context, node *redis.Client) error {
	pipe := node.Pipeline()
	pipe.HSetNX(ctx, s.keys.meta(), "schema", schemaVersion)
	stored := pipe.HGet(ctx, s.keys.meta(), "schema")
	half := pipe.HExists(ctx, s.keys.meta(), importing)
	if _, err := pipe.Exec(ctx); err != nil {
		return unavailable(err)
	}
	version, err := stored.Int()
	if err != nil {
		return fmt.Errorf("%s holds no schema version (%w): the data is not Muster's", s.keys.meta(), err)
	}
	if version > schemaVersion {
		return fmt.Errorf("the data was written by a newer Muster (schema %d; this one knows up to %d): run that version, or newer",
			version, schemaVersion)
	}
	if half.Val() {
		return fmt.Errorf("a copy into it did not finish: delete all keys that begin with %s, and copy again", s.keys.base)
	}
	if version == 1 {
		return s.upgrade(ctx, node)
	}
	if err := s.identify(ctx, node); err != nil {
		return err
	}
	if version == 2 {
		if err := s.move(ctx); err != nil {
			return err
		}
	}
	return s.convert(ctx, node) // what an upgrade that did not finish has left
}

// identify takes note of which store it is; a new one gets its ID.
func (s *Store) identify(ctx context.Context, node *redis.Client) error {
	pipe := node.Pipeline()
	pipe.HSetNX(ctx, s.keys.meta(), "store", incident.NewID())
	id := s.askIdentity(ctx, pipe)
	if _, err := pipe.Exec(ctx); err != nil {
		return unavailable(err)
	}
	s.keys.id = id.Val()
	return nil
}

// askIdentity reads which store is there now, together with what else is read.
func (s *Store) askIdentity(ctx context.Context, pipe redis.Pipeliner) *redis.StringCmd {
	return pipe.HGet(ctx, s.keys.meta(), "store")
}

// sameAs compares it with the one that was opened.
func (s *Store) sameAs(id *redis.StringCmd) error {
	if id.Val() != s.keys.id {
		return errReplaced
	}
	return nil
}

// errReplaced says what to do about a store that is not the one that was opened.
var errReplaced = fmt.Errorf("%w: Redis was emptied, or holds another store now; restore the data, or restart Muster to use what is there", store.ErrReplaced)

// node is the client of the one node that has all of the workspace's keys.
func (s *Store) node(ctx context.Context) (*redis.Client, error) {
	switch c := s.client.(type) {
	case *redis.Client:
		return c, nil
	case *redis.ClusterClient:
		return c.MasterForKey(ctx, s.keys.meta())
	default:
		return nil, fmt.Errorf("a client of type %T", c)
	}
}

// Warnings says what the server's settings could lose.
func (s *Store) Warnings() []string { return s.warnings }

// ServerTime is the server's time: the one clock of all replicas.
func (s *Store) ServerTime(ctx context.Context) (time.Time, error) {
	node, err := s.node(ctx)
	if err != nil {
		return time.Time{}, unavailable(err)
	}
	t, err := node.Time(ctx).Result()
	if err != nil {
		return time.Time{}, unavailable(err)
	}
	s.clock.saw(t.UnixMilli())
	return t.UTC(), nil
}

// Ping reports whether the store can be written now: by writing something that
// differs each time.
func (s *Store) Ping(ctx context.Context) error {
	node, err := s.node(ctx)
	if err != nil {
		return unavailable(err)
	}
	pipe := node.Pipeline()
	id := s.askIdentity(ctx, pipe)
	pipe.Set(ctx, s.keys.ping(), request(), time.Minute)
	info := pipe.Info(ctx, "replication")
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return unavailable(err)
	}
	s.count(parseInfo(info.Val()))
	return s.sameAs(id)
}

// Close ends the connections.
func (s *Store) Close() error {
	if err := s.client.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
		return err
	}
	return nil
}

// unavailable says that nothing was written, and why.
func unavailable(err error) error {
	return fmt.Errorf("%w: %w", incident.ErrUnavailable, err)
}
