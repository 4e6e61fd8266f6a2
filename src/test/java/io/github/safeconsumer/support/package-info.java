/** What the tests share: a broker, topics, clients, and JVMs that can be killed. */
package io.github.safeconsumer.support;
