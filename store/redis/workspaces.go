package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Workspaces returns the IDs of the workspaces that have something in the Redis at
// a URL, sorted. It writes nothing.
func Workspaces(ctx context.Context, url string) (_ []string, err error) {
	a, err := parse(url)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	c := a.client()
	defer func() { err = errors.Join(err, c.Close()) }()
	var mu sync.Mutex
	var found []string
	look := func(ctx context.Context, node *redis.Client) error {
		all := node.Scan(ctx, 0, "m:{*}:meta", 1000).Iterator()
		for all.Next(ctx) {
			mu.Lock()
			found = append(found, strings.TrimSuffix(strings.TrimPrefix(all.Val(), "m:{"), "}:meta"))
			mu.Unlock()
		}
		return all.Err()
	}
	switch c := c.(type) {
	case *redis.Client:
		err = look(ctx, c)
	case *redis.ClusterClient:
		err = c.ForEachMaster(ctx, look)
	}
	if err != nil {
		return nil, fmt.Errorf("look for workspaces at %s: %w", a.hosts, unavailable(err))
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}
