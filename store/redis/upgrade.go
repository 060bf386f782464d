package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"muster/internal/notice"
	"muster/store"
	"muster/store/upgrade"
)

// upgrade takes a workspace of schema 1 to the present one. All of it is tried
// first, so that one which cannot be upgraded is left as it is. Then each thing
// is converted by a step that does so once: whoever dies on the way has left
// the rest to the next who opens the store, and two at a time share the work.
func (s *Store) upgrade(ctx context.Context, node *redis.Client) error {
	s.log.Info("redis: upgrading what an older Muster wrote", zap.Int("schema", schemaVersion))
	try := upgrading{Store: s, ctx: ctx, node: node, docs: s.keys.v1("docs"), notices: s.keys.v1("notices")}
	if err := try.all(dropIncident, dropNotices); err != nil {
		if now, _ := node.HGet(ctx, s.keys.meta(), "schema").Int(); now != schemaVersion {
			return err
		} // else another replica was faster
	}
	if err := s.identify(ctx, node); err != nil {
		return err
	}
	own := []string{s.keys.v1("docs"), s.keys.v1("versions"), s.keys.v1("open"), s.keys.aside("docs"), s.keys.v1("notices"), s.keys.aside("notices")}
	same := []string{"channels", "due", "timers", "slots", "lanes", "merges", "gates"}
	for priority := range notice.Priorities {
		same = append(same, fmt.Sprintf("ready:%d", priority))
	}
	for _, name := range same {
		own = append(own, s.keys.v1(name), s.keys.prefix+name)
	}
	if _, err := s.run(ctx, upgradeScript, own, schemaVersion, upgraded); err != nil {
		return err
	}
	return s.convert(ctx, node)
}

// upgraded is what stands where an older Muster that still runs would read.
const upgraded = "this was upgraded; a newer Muster keeps it under other names"

// convert converts what was set aside.
func (s *Store) convert(ctx context.Context, node *redis.Client) error {
	u := upgrading{Store: s, ctx: ctx, node: node, docs: s.keys.aside("docs"), notices: s.keys.aside("notices")}
	for {
		left, err := node.Exists(ctx, u.docs, u.notices, u.keys.v2("aside")).Result()
		if err != nil {
			return unavailable(err)
		}
		if left == 0 {
			return s.upgradeLanes(ctx, node)
		}
		if err := u.all(u.keepIncident, u.keepNotices); err != nil {
			return err
		}
		if err := u.identify(); err != nil {
			return err
		}
	}
}

// upgrading is an upgrade in the making.
type upgrading struct {
	*Store
	ctx           context.Context
	node          *redis.Client
	docs, notices string // their keys
}

// all converts all documents and notices, and hands over what came of them.
func (u upgrading) all(incidents func(store.History) error, notices func(fieldsAndBodies []any) error) error {
	err := u.scan(u.docs, func(fields []string) error {
		for pair := range slices.Chunk(fields, 2) {
			h, found, err := u.history(pair[0])
			if err == nil && found {
				err = incidents(h)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return u.scan(u.notices, func(fields []string) error {
		args := make([]any, 0, len(fields))
		for pair := range slices.Chunk(fields, 2) {
			n, err := upgrade.Notice([]byte(pair[1]))
			if err != nil {
				return err
			}
			b, err := store.EncodeNotice(n)
			if err != nil {
				return err
			}
			args = append(args, pair[0], b)
		}
		return notices(args)
	})
}

// history converts the incident of a number as it stands at one moment, since
// others may be at work on it; found is false if it was converted meanwhile.
func (u upgrading) history(number string) (h store.History, found bool, err error) {
	pipe := u.node.TxPipeline()
	doc, timeline := pipe.HGet(u.ctx, u.docs, number), pipe.LRange(u.ctx, u.keys.v1("timeline:")+number, 0, -1)
	switch _, err := pipe.Exec(u.ctx); {
	case errors.Is(err, redis.Nil):
		return h, false, nil
	case err != nil:
		return h, false, unavailable(err)
	}
	h, err = upgrade.Incident([]byte(doc.Val()), bodies(timeline.Val()))
	return h, true, err
}

// scan gives a hash's fields and values in turn, some at a time.
func (u upgrading) scan(key string, give func(fields []string) error) error {
	for cursor := uint64(0); ; {
		fields, next, err := u.node.HScan(u.ctx, key, cursor, "", batch/2).Result()
		if err != nil {
			return unavailable(err)
		}
		if err := give(fields); err != nil {
			return err
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

func bodies(texts []string) [][]byte {
	all := make([][]byte, len(texts))
	for i, text := range texts {
		all[i] = []byte(text)
	}
	return all
}

func dropIncident(h store.History) error {
	_, err := encodeHistory(h)
	return err
}

func dropNotices([]any) error { return nil }

func (u upgrading) keepIncident(h store.History) error {
	c, err := encodeHistory(h)
	if err != nil {
		return err
	}
	inc := h.Incident
	args := []any{
		int(inc.Number), inc.Version, h.Summary.Status.Open(), place(h.Summary), store.Millis(h.Summary.Changed),
		citation(inc), c.Row, c.Head,
	}
	own := []string{u.docs, u.keys.v1("timeline:") + strconv.Itoa(int(inc.Number))}
	_, err = u.run(u.ctx, upgradeIncidentScript, own, appendKept(args, c)...)
	return err
}

func (u upgrading) keepNotices(fieldsAndBodies []any) error {
	if len(fieldsAndBodies) == 0 {
		return nil
	}
	_, err := u.run(u.ctx, upgradeNoticesScript, []string{u.notices, u.keys.prefix + "notices"}, fieldsAndBodies...)
	return err
}
