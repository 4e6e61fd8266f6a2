/** Orders into a database, written once however often they are delivered. */
package io.github.safeconsumer.examples.ordersdb;
