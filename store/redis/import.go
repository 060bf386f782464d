package redis

import (
	"context"
	"fmt"
	"iter"

	"github.com/redis/go-redis/v9"

	"muster/internal/incident"
	"muster/store"
)

// importing marks a workspace, in meta, whose import has not finished.
const importing = "importing"

// Import takes everything into an empty workspace. It is not one step: until it
// has finished, the workspace cannot be opened.
func (s *Store) Import(ctx context.Context, records iter.Seq2[store.Record, error]) error {
	node, err := s.node(ctx)
	if err != nil {
		return unavailable(err)
	}
	held, err := node.Exists(ctx, s.keys.all...).Result()
	if err != nil {
		return unavailable(err)
	}
	if held > 1 { // meta is there since it was opened
		return fmt.Errorf("import: %w", store.ErrNotEmpty)
	}
	if err := node.HSet(ctx, s.keys.meta(), importing, 1).Err(); err != nil {
		return unavailable(err)
	}
	in := &intake{Store: s, ctx: ctx, pipe: node.Pipeline()}
	for r, err := range records {
		if err == nil {
			err = in.put(r)
		}
		if err != nil {
			return fmt.Errorf("import: %w", err)
		}
	}
	in.pipe.HDel(ctx, s.keys.meta(), importing)
	if err := in.flush(); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// intake is an import in the making.
type intake struct {
	*Store
	ctx  context.Context
	pipe redis.Pipeliner
}

// flushAt is how many commands go together.
const flushAt = 1000

func (in *intake) flush() error {
	_, err := in.pipe.Exec(in.ctx)
	return err
}

func (in *intake) key(name string) string { return in.keys.prefix + name }

func (in *intake) put(r store.Record) error {
	var err error
	switch r := r.(type) {
	case store.History:
		err = in.putHistory(r)
	case store.Channel:
		in.pipe.HSet(in.ctx, in.key("channels"), string(r.ID), int(r.Number))
	case store.Key:
		in.pipe.Set(in.ctx, in.keys.dedupe(r.Key), fmt.Sprintf("%d %s", int(r.Number), request()), 0)
		in.pipe.PExpireAt(in.ctx, in.keys.dedupe(r.Key), r.Forget)
	case store.Timer:
		at := store.Millis(r.At)
		in.pipe.HSet(in.ctx, in.key("timers"), member(r.Timer), fmt.Sprintf("%d %d 0", at, r.Gen))
		in.pipe.ZAdd(in.ctx, in.key("due"), redis.Z{Score: float64(at), Member: member(r.Timer)})
	case store.Lane:
		err = in.putLane(r)
	case store.Gate:
		in.pipe.ZAdd(in.ctx, in.key("gates"), redis.Z{Score: float64(store.Millis(r.Until)), Member: r.Name})
	case store.Slot:
		in.pipe.HSet(in.ctx, in.key("slots"), r.Job, store.Millis(r.Last))
	default:
		err = fmt.Errorf("a record of type %T", r)
	}
	if err == nil && in.pipe.Len() >= flushAt {
		err = in.flush()
	}
	return err
}

func (in *intake) putHistory(h store.History) error {
	c, err := encodeHistory(h)
	if err != nil {
		return err
	}
	inc, n := h.Incident, int(h.Incident.Number)
	in.pipe.HSet(in.ctx, in.key("heads"), n, c.Head)
	in.pipe.HSet(in.ctx, in.key("versions"), n, inc.Version)
	in.pipe.HSet(in.ctx, in.key("cited"), n, citation(inc))
	in.pipe.HSet(in.ctx, in.key("rows"), n, c.Row)
	in.pipe.ZAdd(in.ctx, in.key("changed"), redis.Z{Score: float64(store.Millis(h.Summary.Changed)), Member: n})
	in.pipe.HSet(in.ctx, in.keys.meta(), "last", n)
	if h.Summary.Status.Open() {
		in.pipe.ZAdd(in.ctx, in.key("open"), redis.Z{Score: float64(place(h.Summary)), Member: n})
	}
	for _, b := range c.Entries {
		in.pipe.RPush(in.ctx, in.keys.timeline(inc.Number), b)
	}
	for _, p := range h.Parts {
		in.pipe.HSet(in.ctx, in.keys.part(inc.Number, p.Kind), p.ID, []byte(p.Body))
	}
	return nil
}

func encodeHistory(h store.History) (store.EncodedChange, error) {
	return store.EncodeChange(incident.Change{After: h.Incident, Summary: h.Summary, Entries: h.Entries, Parts: h.Parts})
}

func (in *intake) putLane(l store.Lane) error {
	args := []any{l.Name, store.Millis(l.Ready), l.InDoubt, l.Tries}
	for _, n := range l.Notices {
		b, err := store.EncodeNotice(n)
		if err != nil {
			return err
		}
		args = append(args, int(n.Priority)+1, n.Merge, string(n.Op), b)
	}
	_, err := in.run(in.ctx, importScript, nil, args...)
	return err
}
