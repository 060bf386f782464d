package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/store/upgrade"
)

// move gives what schema 2 kept its present names, and sets the heads aside.
func (s *Store) move(ctx context.Context) error {
	own := []string{s.keys.v2("aside"), s.keys.v2("versions"), s.keys.v2("slots"), s.keys.v2("lanes"), s.keys.v2("heads"), s.keys.v2("timeline:"), s.keys.v2("part:")}
	same := []string{"cited", "rows", "channels", "open", "changed", "due", "timers", "lanes", "notices", "merges", "gates"}
	for priority := range notice.Priorities {
		same = append(same, fmt.Sprintf("ready:%d", priority))
	}
	for _, name := range same {
		own = append(own, s.keys.v2(name), s.keys.prefix+name)
	}
	_, err := s.run(ctx, moveScript, own, schemaVersion, upgraded, string(incident.PartDeadLetter))
	return err
}

// identify gives the incidents of schema 2 their IDs.
func (u upgrading) identify() error {
	aside := u.keys.v2("aside")
	return u.scan(aside, func(fields []string) error {
		for pair := range slices.Chunk(fields, 2) {
			row, err := u.node.HGet(u.ctx, u.keys.prefix+"rows", pair[0]).Bytes()
			if errors.Is(err, redis.Nil) {
				return fmt.Errorf("upgrade incident %s: its summary is missing", pair[0])
			}
			if err != nil {
				return unavailable(err)
			}
			head, row, err := upgrade.Identified([]byte(pair[1]), row)
			if err != nil {
				return err
			}
			if _, err := u.run(u.ctx, identifyScript, []string{aside}, pair[0], head, row); err != nil {
				return err
			}
		}
		return nil
	})
}
