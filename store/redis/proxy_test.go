package redis_test

import (
	"bytes"
	"net"
	"strings"
	"sync"
	"testing"
)

// proxy stands between a client and its server, and does harm when told to.
type proxy struct {
	server string
	listen net.Listener
	group  sync.WaitGroup

	mu     sync.Mutex
	conns  []net.Conn
	harm   func(request []byte) fate
	closed bool
}

// fate is what becomes of a request.
type fate int

const (
	passes       fate = iota
	losesReply        // it arrives, and the connection ends before its reply does
	losesRequest      // the connection ends
)

// between starts a proxy in front of the server at a URL, and gives its own.
func between(t *testing.T, server string) (*proxy, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{server: strings.TrimPrefix(server, "redis://"), listen: l, harm: func([]byte) fate { return passes }}
	p.group.Go(p.accept)
	t.Cleanup(p.close)
	return p, "redis://" + l.Addr().String()
}

// harms decides what becomes of each request from now on.
func (p *proxy) harms(decide func(request []byte) fate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.harm = decide
}

// once does harm to the first script that contains a word.
func (p *proxy) once(f fate, word string) {
	var done sync.Once
	p.harms(func(request []byte) (is fate) {
		if isScript(request) && bytes.Contains(request, []byte(word)) {
			done.Do(func() { is = f })
		}
		return is
	})
}

// isWrite reports whether a request may change something.
func isWrite(request []byte) bool {
	return isScript(request) || bytes.Contains(request, []byte("\r\ndel\r\n"))
}

func isScript(request []byte) bool { return bytes.Contains(request, []byte("evalsha")) }

func (p *proxy) close() {
	p.mu.Lock()
	p.closed = true
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.mu.Unlock()
	_ = p.listen.Close()
	p.group.Wait()
}

func (p *proxy) accept() {
	for {
		client, err := p.listen.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client, server)
		closed := p.closed
		p.mu.Unlock()
		if closed {
			_ = client.Close()
			_ = server.Close()
			return
		}
		p.group.Go(func() { p.serve(client, server) })
	}
}

// serve passes a connection's requests and replies on, in turns.
func (p *proxy) serve(client, server net.Conn) {
	defer client.Close()
	defer server.Close()
	buffer := make([]byte, 1<<20)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		p.mu.Lock()
		harm := p.harm
		p.mu.Unlock()
		what := harm(buffer[:n])
		if what == losesRequest {
			return
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
		n, err = server.Read(buffer)
		if err != nil || what == losesReply {
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}
