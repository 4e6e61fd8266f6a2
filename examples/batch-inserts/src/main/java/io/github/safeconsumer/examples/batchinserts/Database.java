package io.github.safeconsumer.examples.batchinserts;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The staging's database: H2 in a file, and every commit is written to it at once. */
final class Database implements AutoCloseable {
  private final Path directory;
  private final HikariDataSource pool;

  Database() throws SQLException, IOException {
    directory = Files.createTempDirectory("batch-inserts");
    HikariConfig settings = new HikariConfig();
    settings.setJdbcUrl(
        "jdbc:h2:file:" + directory.resolve("db") + ";MODE=PostgreSQL;WRITE_DELAY=0");
    settings.setAutoCommit(false);
    settings.setMaximumPoolSize(BatchWriter.CONCURRENCY);
    pool = new HikariDataSource(settings);
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table readings (id varchar(20) primary key, sensor varchar(10) not null,"
              + " celsius double precision not null check (celsius > -274))");
      connection.commit();
    }
  }

  HikariDataSource pool() {
    return pool;
  }

  List<String> ids() throws SQLException {
    List<String> ids = new ArrayList<>();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select id from readings")) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    return ids;
  }

  @Override
  public void close() throws IOException {
    pool.close(); // with its last connection the database closes its file
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
