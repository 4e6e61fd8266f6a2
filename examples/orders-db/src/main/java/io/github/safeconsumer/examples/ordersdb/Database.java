package io.github.safeconsumer.examples.ordersdb;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.h2.tools.Server;

/**
 * The staging's database, in a schema of its own: H2 in memory, which is reached through a port so
 * that it can go away; or one that is given by its URL, which stays.
 */
final class Database implements AutoCloseable {
  static final String SCHEMA = "safeconsumer_example";
  static final int STOCK = 10_000;

  private final String url;
  private final Connection own;
  private final int port;
  private Server server;

  private Database(String url, String ownUrl, Server server) throws SQLException {
    this.url = url;
    this.server = server;
    this.port = server == null ? 0 : server.getPort();
    own = DriverManager.getConnection(ownUrl);
    run("create schema " + SCHEMA);
    own.setSchema(SCHEMA);
    run(
        "create table orders (id varchar(40) primary key, customer varchar(40) not null,"
            + " item varchar(40) not null, quantity int not null)");
    run("create table stock (item varchar(40) primary key, quantity int not null)");
    run("insert into stock values ('tea', " + STOCK + "), ('cups', " + STOCK + ")");
  }

  static Database inMemory() throws SQLException {
    String name = "mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE";
    Server server = Server.createTcpServer("-tcpPort", "0").start();
    return new Database(
        "jdbc:h2:tcp://localhost:" + server.getPort() + "/" + name, "jdbc:h2:" + name, server);
  }

  /** Creates a schema there, and drops it at the end. */
  static Database at(String url) throws SQLException {
    return new Database(url, url, null);
  }

  String url() {
    return url;
  }

  boolean canGoAway() {
    return port != 0;
  }

  /** Every connection breaks, and no new one comes about; the rows stay. */
  void goAway() {
    server.stop();
  }

  void comeBack() throws SQLException {
    server = Server.createTcpServer("-tcpPort", Integer.toString(port)).start();
  }

  long orders() throws SQLException {
    return number("select count(*) from orders");
  }

  long taken() throws SQLException {
    return 2L * STOCK - number("select sum(quantity) from stock");
  }

  private long number(String query) throws SQLException {
    try (Statement statement = own.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = own.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    run("drop schema " + SCHEMA + " cascade");
    own.close();
    if (server != null) {
      server.stop();
    }
  }
}
